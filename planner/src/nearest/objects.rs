//! The right side of a nearest join: collected, ranked for ties and indexed.

use std::collections::BinaryHeap;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::DataType;
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::common::{Result, exec_err};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use futures::StreamExt as _;
use futures::future::try_join_all;
use godwit_geometry::{Bounds, Geometry, Relation, measure};

use super::exec::Search;
use crate::join::{Collected, Surface, basic, external, geometries};
use crate::tree::{Reach, Stack, Tree};

/// The right side: its rows, and a tree over their boxes.
///
/// Rows are numbered so that of two that are as far away the one with the lower number wins.
#[derive(Debug)]
pub(crate) struct Objects {
    batches: Vec<RecordBatch>,
    geometries: Vec<ArrayRef>,
    /// The batch of each row and its place in the batch.
    places: Vec<(u32, u32)>,
    pub(super) tree: Tree,
    /// The rows without a box.
    unplaced: Vec<u32>,
    reservation: MemoryReservation,
}

/// A right row and how far away it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Neighbour {
    /// The distance; NaN when there is none.
    pub(super) distance: f64,
    pub(super) row: u32,
}

impl Eq for Neighbour {}

impl Ord for Neighbour {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.distance.total_cmp(&other.distance).then(self.row.cmp(&other.row))
    }
}

impl PartialOrd for Neighbour {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What one search leaves to the next one.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) reach: Reach,
    pub(super) stack: Stack,
    pub(super) candidates: Vec<u32>,
    pub(super) best: BinaryHeap<Neighbour>,
    /// Where the last point was and how far its farthest neighbour.
    pub(super) last: Option<([f64; 2], f64)>,
    /// How many distances were measured.
    pub(super) measured: usize,
}

impl Objects {
    /// Collects all partitions of the right side.
    pub(super) async fn collect(
        inputs: Vec<SendableRecordBatchStream>,
        search: Search,
        reservation: MemoryReservation,
    ) -> Result<Self> {
        let collect = |mut input: SendableRecordBatchStream| {
            let reservation = &reservation;
            async move {
                let mut batches = Vec::new();
                while let Some(batch) = input.next().await {
                    let batch = batch?;
                    if batch.num_rows() > 0 {
                        reservation.try_grow(get_record_batch_memory_size(&batch))?;
                        batches.push(batch);
                    }
                }
                Ok::<_, datafusion::error::DataFusionError>(batches)
            }
        };
        let batches = try_join_all(inputs.into_iter().map(collect)).await?;
        Self::new(batches.into_iter().flatten().collect(), &search, reservation)
    }

    fn new(
        batches: Vec<RecordBatch>,
        search: &Search,
        reservation: MemoryReservation,
    ) -> Result<Self> {
        let row_count: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if u32::try_from(row_count).is_err() {
            return exec_err!("the right side of a nearest join has too many rows");
        }
        let per_row = 2 * size_of::<(u32, u32)>() + size_of::<(Bounds, u32)>();
        reservation.try_grow(row_count * per_row + Tree::expected_memory(row_count))?;
        let geometries_of = |batch: &RecordBatch| {
            let array = search.object.evaluate(batch)?.into_array(batch.num_rows())?;
            basic(&array, Relation::DWithin)
        };
        let arrays = batches.iter().map(geometries_of).collect::<Result<Vec<_>>>()?;
        let places = ranked(&batches, &arrays, search, &reservation)?;
        let (mut entries, mut unplaced) = (Vec::with_capacity(row_count), Vec::new());
        for (row, (batch, place)) in (0..).zip(&places) {
            let geometry = geometry(&arrays, *batch, *place)?;
            match geometry.and_then(|geometry| search.surface.bounds(geometry)) {
                Some(bounds) => entries.push((bounds, row)),
                None => unplaced.push(row),
            }
        }
        let tree = Tree::new(&entries);
        Ok(Self { batches, geometries: arrays, places, tree, unplaced, reservation })
    }

    pub(super) fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Returns the geometry of a row.
    pub(super) fn geometry(&self, row: u32) -> Result<Option<Geometry<'_>>> {
        let (batch, place) = self.places[row as usize];
        geometry(&self.geometries, batch, place)
    }

    pub(super) fn row_count(&self) -> usize {
        self.places.len()
    }

    pub(super) fn place(&self, row: u32) -> (usize, usize) {
        let (batch, place) = self.places[row as usize];
        (batch as usize, place as usize)
    }

    /// Adds the rows nearest to a geometry and its box, nearest first.
    pub(super) fn nearest(
        &self,
        query: Option<(Geometry<'_>, Bounds)>,
        search: &Search,
        scratch: &mut Scratch,
        found: &mut Vec<Neighbour>,
    ) -> Result<()> {
        let start = found.len();
        if let Some((query, bounds)) = query {
            match search.surface {
                Surface::Plane => self.measure(query, &bounds, search.count, scratch)?,
                Surface::Earth(figure) => {
                    self.measure_on_earth(query, &bounds, figure, search.count, scratch)?;
                }
            }
            found.extend(scratch.best.drain());
            found[start..].sort_unstable();
        }
        if search.takes_unplaced {
            let missing = search.count - (found.len() - start);
            let without = |row| Neighbour { distance: f64::NAN, row };
            if query.is_some() {
                found.extend(self.unplaced.iter().take(missing).copied().map(without));
            } else {
                found.extend((0..).take(missing.min(self.row_count())).map(without));
            }
        }
        Ok(())
    }

    fn measure(
        &self,
        query: Geometry<'_>,
        bounds: &Bounds,
        count: usize,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Scratch { reach, best, last, measured, .. } = scratch;
        let at = query.point_xy();
        // The neighbours of a point are no further from this one than over that point.
        let limit = match (at, *last) {
            (Some([x, y]), Some(([last_x, last_y], farthest))) => {
                (farthest + (x - last_x).hypot(y - last_y)) * (1.0 + 1e-9)
            }
            _ => f64::INFINITY,
        };
        let mut failed = None;
        self.tree.nearest(bounds, limit, reach, |row| {
            *measured += 1;
            match self.geometry(row) {
                Ok(Some(object)) => {
                    if let Some(distance) = measure::distance(query, object) {
                        best.push(Neighbour { distance, row });
                    }
                }
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
            if best.len() > count {
                best.pop();
            }
            match best.peek() {
                Some(farthest) if best.len() == count => farthest.distance.min(limit),
                _ => limit,
            }
        });
        *last = match (at, best.peek()) {
            (Some(at), Some(farthest)) if best.len() == count => Some((at, farthest.distance)),
            _ => None,
        };
        failed.map_or(Ok(()), Err)
    }
}

impl Collected for Objects {
    fn memory_size(&self) -> usize {
        self.reservation.size()
    }

    fn serves_others(&self) -> bool {
        true
    }
}

fn geometry(arrays: &[ArrayRef], batch: u32, place: u32) -> Result<Option<Geometry<'_>>> {
    let Some(array) = arrays.get(batch as usize) else { return Ok(None) };
    geometries(array)?.geometry(place as usize).map_err(external)
}

/// Returns the places of all rows, in the order in which they win ties: by what the query says,
/// then by their values, so that the answer does not depend on the order of reading.
fn ranked(
    batches: &[RecordBatch],
    arrays: &[ArrayRef],
    search: &Search,
    reservation: &MemoryReservation,
) -> Result<Vec<(u32, u32)>> {
    let mut places = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for (batch, rows) in (0..).zip(batches) {
        places.extend((0..).take(rows.num_rows()).map(|place| (batch, place)));
    }
    let Some(first) = batches.first() else { return Ok(places) };
    let schema = first.schema();
    let mut keys = Vec::new();
    for tie in &search.ties {
        keys.push(SortField::new_with_options(tie.expr.data_type(&schema)?, tie.options));
    }
    let columns: Vec<usize> = (0..schema.fields().len())
        .filter(|index| is_key(schema.field(*index).data_type()))
        .collect();
    keys.extend(
        columns.iter().map(|index| SortField::new(schema.field(*index).data_type().clone())),
    );
    let rows = if keys.is_empty() {
        None
    } else {
        Some(Keys::new(&RowConverter::new(keys)?, batches, search, &columns, reservation)?)
    };
    let bytes = |(batch, place): (u32, u32)| {
        arrays.get(batch as usize).and_then(|array| geometries(array).ok()?.get(place as usize))
    };
    places.sort_by(|a, b| {
        let by_values = rows.as_ref().map(|rows| rows.row(*a).cmp(&rows.row(*b)));
        by_values.unwrap_or(std::cmp::Ordering::Equal).then_with(|| bytes(*a).cmp(&bytes(*b)))
    });
    if let Some(rows) = rows {
        reservation.shrink(rows.size);
    }
    Ok(places)
}

/// Returns whether values of a type are compared to break ties.
fn is_key(data_type: &DataType) -> bool {
    let is_binary =
        matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView);
    !is_binary && RowConverter::supports_fields(&[SortField::new(data_type.clone())])
}

/// The values that break ties, as bytes that sort as they do.
struct Keys {
    batches: Vec<Rows>,
    size: usize,
}

impl Keys {
    fn new(
        converter: &RowConverter,
        batches: &[RecordBatch],
        search: &Search,
        columns: &[usize],
        reservation: &MemoryReservation,
    ) -> Result<Self> {
        let mut keys = Self { batches: Vec::with_capacity(batches.len()), size: 0 };
        for batch in batches {
            let mut arrays = Vec::new();
            for tie in &search.ties {
                arrays.push(tie.expr.evaluate(batch)?.into_array(batch.num_rows())?);
            }
            arrays.extend(columns.iter().map(|index| ArrayRef::clone(batch.column(*index))));
            let rows = converter.convert_columns(&arrays)?;
            reservation.try_grow(rows.size())?;
            keys.size += rows.size();
            keys.batches.push(rows);
        }
        Ok(keys)
    }

    fn row(&self, (batch, place): (u32, u32)) -> arrow::row::Row<'_> {
        self.batches[batch as usize].row(place as usize)
    }
}
