//! The states of the left rows that one partition of the right side has matches for.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use datafusion::common::{JoinSide, Result};
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::super::build::BuildSide;
use super::grouping::{Aggregate, Grouping};
use crate::gather::{NO_ROW, Rows, row_bytes};
use crate::memory::is_exhausted;

/// A left row without a group.
const NO_GROUP: u32 = u32::MAX;
/// The most bytes of values that are copied into one batch, far from what its columns can hold.
const MOST_BYTES: usize = 128 << 20;

/// The states of the left rows that one partition of the right side has matches for.
///
/// As those of a partial aggregate they are put out before the end when memory runs out.
pub(in crate::join) struct Groups {
    grouping: Arc<Grouping>,
    batch_size: usize,
    reservation: MemoryReservation,
    accumulators: Vec<Box<dyn GroupsAccumulator>>,
    /// The group of each left row.
    group_of: Vec<u32>,
    /// The left row of each group.
    rows: Vec<u32>,
    /// The current right batch.
    batch: Option<RecordBatch>,
    /// The groups of pairs that no state has yet.
    groups: Vec<usize>,
    /// The right rows of these pairs.
    places: Vec<(usize, usize)>,
    /// Whether memory ran out.
    is_exhausted: bool,
    leaving: Option<Leaving>,
}

/// Groups that are being put out.
struct Leaving {
    rows: Vec<u32>,
    states: Vec<ArrayRef>,
    /// The first one that was not put out yet.
    next: usize,
}

impl Groups {
    /// Returns states of which there are none yet.
    pub(in crate::join) fn new(
        grouping: Arc<Grouping>,
        batch_size: usize,
        reservation: MemoryReservation,
    ) -> Result<Self> {
        let aggregates = grouping.aggregates.iter();
        let accumulators = aggregates.map(Aggregate::accumulator);
        let accumulators = accumulators.collect::<Result<_>>()?;
        Ok(Self {
            batch_size: batch_size.max(1),
            reservation,
            accumulators,
            group_of: Vec::new(),
            rows: Vec::new(),
            batch: None,
            groups: Vec::new(),
            places: Vec::new(),
            is_exhausted: false,
            leaving: None,
            grouping,
        })
    }

    /// Makes a batch the one that right rows are of.
    pub(in crate::join) fn start_batch(
        &mut self,
        build: &BuildSide,
        batch: RecordBatch,
    ) -> Result<()> {
        self.settle(build)?;
        self.batch = Some(batch);
        Ok(())
    }

    /// Adds a row of the current right batch, or none, to what a left row matches.
    pub(in crate::join) fn push(
        &mut self,
        build: &BuildSide,
        left: Option<u32>,
        right: Option<u32>,
    ) -> Result<()> {
        // All rows of an inner and of a left join have a left row.
        let Some(left) = left else { return Ok(()) };
        let group = self.group(build, left);
        self.groups.push(group);
        self.places.push(right.map_or(NO_ROW, |row| (0, row as usize)));
        if self.groups.len() < self.batch_size {
            return Ok(());
        }
        self.settle(build)
    }

    /// Returns the group of a left row.
    fn group(&mut self, build: &BuildSide, left: u32) -> usize {
        if self.rows.is_empty() {
            // All that there were are put out; the left side may be another one since.
            self.group_of.resize(build.row_count(), NO_GROUP);
        }
        let Some(group) = self.group_of.get_mut(left as usize) else { return 0 };
        if *group == NO_GROUP {
            // There are no more groups than left rows, whose numbers have 32 bits.
            *group = u32::try_from(self.rows.len()).unwrap_or(NO_GROUP);
            self.rows.push(left);
        }
        *group as usize
    }

    /// Brings all pairs into the states.
    fn settle(&mut self, build: &BuildSide) -> Result<()> {
        if self.groups.is_empty() {
            return Ok(());
        }
        let right = Rows { batches: self.batch.as_slice(), places: &self.places };
        let left = Rows { batches: &[], places: &[] };
        let rows = self.grouping.arguments.batch(left, right)?;
        for (aggregate, states) in self.grouping.aggregates.iter().zip(&mut self.accumulators) {
            aggregate.update(states.as_mut(), &rows, &self.groups, self.rows.len())?;
        }
        self.groups.clear();
        self.places.clear();
        self.book(build)
    }

    /// Books what is held, and notes when it is too much.
    fn book(&mut self, build: &BuildSide) -> Result<()> {
        let states: usize = self.accumulators.iter().map(|states| states.size()).sum();
        let rows = build.row_count() + self.rows.capacity();
        match self.reservation.try_resize(states + rows * size_of::<u32>()) {
            Ok(()) => {}
            Err(error) if is_exhausted(&error) && self.rows.len() > 1 => self.is_exhausted = true,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Returns whether there are states to be taken before more rows are found.
    pub(in crate::join) fn is_full(&self) -> bool {
        self.is_exhausted || self.leaving.is_some()
    }

    /// Returns states of left rows, if there are any.
    pub(in crate::join) fn take(&mut self, build: &BuildSide) -> Result<Option<RecordBatch>> {
        if self.leaving.is_none() {
            self.settle(build)?;
            self.is_exhausted = false;
            if self.rows.is_empty() {
                return Ok(None);
            }
            let rows = std::mem::take(&mut self.rows);
            for row in &rows {
                self.group_of[*row as usize] = NO_GROUP;
            }
            let mut states = Vec::new();
            for accumulator in &mut self.accumulators {
                states.extend(accumulator.state(EmitTo::All)?);
            }
            self.leaving = Some(Leaving { rows, states, next: 0 });
        }
        let Some(leaving) = &mut self.leaving else { return Ok(None) };
        let batch = leaving.batch(&self.grouping, build, self.batch_size)?;
        if leaving.next >= leaving.rows.len() {
            self.leaving = None;
        }
        Ok(Some(batch))
    }
}

impl Leaving {
    /// Returns the next states as a batch.
    fn batch(
        &mut self,
        grouping: &Grouping,
        build: &BuildSide,
        batch_size: usize,
    ) -> Result<RecordBatch> {
        let copied = grouping.columns.bounded_columns(JoinSide::Left);
        let (mut bytes, mut places) = (0, Vec::with_capacity(batch_size));
        for row in self.rows[self.next..].iter().take(batch_size) {
            let place = build.place(*row);
            let batch = build.batches().get(place.0);
            bytes += batch.map_or(0, |batch| row_bytes(batch, &copied, place.1));
            if bytes > MOST_BYTES && !places.is_empty() {
                break;
            }
            places.push(place);
        }
        let left = Rows { batches: build.batches(), places: &places };
        let keys = grouping.columns.batch(left, Rows { batches: &[], places: &[] })?;
        let keys = grouping.keys.iter().map(|key| key.evaluate(&keys)?.into_array(places.len()));
        let mut columns = keys.collect::<Result<Vec<_>>>()?;
        columns.extend(self.states.iter().map(|state| state.slice(self.next, places.len())));
        self.next += places.len();
        Ok(RecordBatch::try_new(Arc::clone(grouping.schema()), columns)?)
    }
}
