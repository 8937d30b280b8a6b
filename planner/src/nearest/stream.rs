//! The left side of a nearest join: looked up in the right side, many rows at a time.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch};
use arrow::compute::concat_batches;
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use futures::{Stream, StreamExt as _, stream};
use godwit_geometry::{Bounds, Relation, interrupt};

use super::exec::{Metrics, Search};
use super::objects::{Neighbour, Objects, Scratch};
use crate::gather::{Gather, NO_ROW, Rows};
use crate::join::{basic, external, geometries};
use crate::order::along_curve;
use crate::shared::Making;

/// So many left rows are looked up together at most, so that near ones can follow each other.
const MOST_ROWS: usize = 1 << 16;
/// So many neighbours are found before they are put out.
const MOST_NEIGHBOURS: usize = 1 << 19;
/// So many bytes of left rows are held at most, one batch aside.
const MOST_BYTES: usize = 64 << 20;

/// How many rows are looked up between two looks at whether the query must end.
const BETWEEN_LOOKS: usize = 64;

/// One partition of the left side.
pub(super) struct Lookups {
    pub(super) input: SendableRecordBatchStream,
    pub(super) objects: Making<Objects>,
    pub(super) search: Search,
    pub(super) output: Arc<Gather>,
    pub(super) batch_size: usize,
    pub(super) reservation: MemoryReservation,
    pub(super) metrics: Metrics,
    pub(super) scratch: Scratch,
    pub(super) current: Option<Current>,
}

/// Left rows with their neighbours.
pub(super) struct Current {
    batch: RecordBatch,
    geometries: ArrayRef,
    /// The first row that was not looked up yet.
    next_row: usize,
    found: Found,
    /// The first of the found pairs that was not put out yet.
    next: usize,
}

/// Pairs of a left row and a neighbour, in the order of the left rows.
#[derive(Default)]
struct Found {
    rows: Vec<u32>,
    neighbours: Vec<Option<Neighbour>>,
}

impl Lookups {
    /// Returns the batches of the result.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<RecordBatch>> {
        stream::try_unfold(self, |mut lookups| async move {
            let batch = lookups.next().await?;
            if let Some(batch) = &batch {
                lookups.metrics.baseline.record_output(batch.num_rows());
            }
            Ok(batch.map(|batch| (batch, lookups)))
        })
    }

    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let objects = self.objects.clone().await.map_err(DataFusionError::Shared)?;
        loop {
            let Some(mut current) = self.current.take() else {
                let Some(batch) = self.read().await? else { return Ok(None) };
                let geometries = self.search.query.evaluate(&batch)?;
                let geometries = geometries.into_array(batch.num_rows())?;
                let geometries = basic(&geometries, Relation::DWithin)?;
                let found = Found::default();
                self.current = Some(Current { batch, geometries, next_row: 0, found, next: 0 });
                continue;
            };
            let time = self.metrics.baseline.elapsed_compute().clone();
            let timer = time.timer();
            if current.next < current.found.rows.len() {
                let batch = self.put_out(&objects, &mut current)?;
                self.current = Some(current);
                timer.done();
                return Ok(Some(batch));
            }
            if current.next_row < current.batch.num_rows() {
                self.look_up(&objects, &mut current)?;
                self.current = Some(current);
            }
            timer.done();
        }
    }

    /// Reads as many rows as are looked up together.
    async fn read(&mut self) -> Result<Option<RecordBatch>> {
        let (mut batches, mut row_count, mut bytes) = (Vec::new(), 0, 0);
        while row_count < MOST_ROWS && bytes < MOST_BYTES {
            let Some(batch) = self.input.next().await.transpose()? else { break };
            self.metrics.rows.add(batch.num_rows());
            row_count += batch.num_rows();
            bytes += get_record_batch_memory_size(&batch);
            self.reservation.try_resize(2 * bytes)?;
            if batch.num_rows() > 0 {
                batches.push(batch);
            }
        }
        match batches.as_slice() {
            [] => Ok(None),
            [batch] => Ok(Some(batch.clone())),
            batches => Ok(Some(concat_batches(&self.input.schema(), batches)?)),
        }
    }

    /// Finds the neighbours of the next rows.
    fn look_up(&mut self, objects: &Objects, current: &mut Current) -> Result<()> {
        let count = self.search.count.min(objects.row_count()).max(1);
        let rows = (MOST_NEIGHBOURS / count).max(1);
        let first = current.next_row;
        let end = (first + rows).min(current.batch.num_rows());
        current.next_row = end;
        let pair = 2 * size_of::<Neighbour>() + size_of::<Option<Neighbour>>();
        let pairs = MemoryReservation::new_empty(&self.reservation);
        pairs.try_grow((end - first) * count * pair)?;

        let column = geometries(&current.geometries)?;
        let mut queries = Vec::with_capacity(end - first);
        let mut bounds = Vec::with_capacity(end - first);
        for row in first..end {
            let query = column.geometry(row).map_err(external)?;
            let placed = query.and_then(|query| self.search.surface.bounds(query));
            bounds.push(placed.unwrap_or(Bounds::NOTHING));
            queries.push(query);
        }
        let mut found = Vec::with_capacity((end - first) * count);
        let mut ends = vec![(0, 0); queries.len()];
        for (count, row) in along_curve(bounds.iter().copied()).into_iter().enumerate() {
            if count.is_multiple_of(BETWEEN_LOOKS) {
                interrupt::check().map_err(external)?;
            }
            let start = found.len();
            let query = queries[row as usize].map(|query| (query, bounds[row as usize]));
            let query = query.filter(|(_, bounds)| !bounds.is_nothing());
            objects.nearest(query, &self.search, &mut self.scratch, &mut found)?;
            ends[row as usize] = (start, found.len());
        }
        self.metrics.measured.add(std::mem::take(&mut self.scratch.measured));

        let Current { found: pairs, next, .. } = current;
        pairs.rows.clear();
        pairs.neighbours.clear();
        *next = 0;
        for (row, (start, end)) in (first..end).zip(ends) {
            // A chunk has fewer rows than fit into 32 bits.
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            for neighbour in &found[start..end] {
                pairs.rows.push(row);
                pairs.neighbours.push(Some(*neighbour));
            }
            if start == end && self.search.is_outer {
                pairs.rows.push(row);
                pairs.neighbours.push(None);
            }
        }
        Ok(())
    }

    fn put_out(&self, objects: &Objects, current: &mut Current) -> Result<RecordBatch> {
        let end = (current.next + self.batch_size).min(current.found.rows.len());
        let left: Vec<_> =
            current.found.rows[current.next..end].iter().map(|row| (0, *row as usize)).collect();
        let neighbours = &current.found.neighbours[current.next..end];
        let right: Vec<_> = neighbours
            .iter()
            .map(|neighbour| match neighbour {
                Some(neighbour) => objects.place(neighbour.row),
                None => NO_ROW,
            })
            .collect();
        let distances: Float64Array = neighbours
            .iter()
            .map(|neighbour| neighbour.map(|found| found.distance).filter(|at| !at.is_nan()))
            .collect();
        let distances: ArrayRef = Arc::new(distances);
        current.next = end;
        self.output.batch_with(
            Rows { batches: std::slice::from_ref(&current.batch), places: &left },
            Rows { batches: objects.batches(), places: &right },
            Some(&distances),
        )
    }
}
