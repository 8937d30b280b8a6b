//! The left side while it is collected.

use std::sync::atomic::{AtomicBool, AtomicU16};
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, RecordBatch};
use datafusion::common::{Result, exec_err};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::SpillManager;
use futures::StreamExt as _;
use godwit_geometry::{EdgeRuns, Index};

use super::build::{BuildRows, basic, external, geometries, is_worth_preparing};
use super::definition::Definition;
use super::lookup::{Entry, Lookup};
use super::metrics::BuildMetrics;
use super::parts::Rest;
use super::predicate::Distance;
use super::surface::Surface;
use crate::memory::{bytes_of, is_exhausted};

/// What is booked for each row beside its batch, which the tree and the rest are made of later.
const PER_ROW: usize = size_of::<(u32, u32)>()
    + size_of::<f64>()
    + size_of::<u64>()
    + size_of::<OnceLock<Option<Box<Index>>>>()
    + size_of::<AtomicU16>();

/// The left side while it is collected.
pub(super) struct Collected {
    batches: Vec<RecordBatch>,
    geometries: Vec<ArrayRef>,
    places: Vec<(u32, u32)>,
    entries: Vec<Entry>,
    /// The hashes of the keys.
    keys: Vec<u64>,
    empty: Vec<u32>,
    distances: Vec<f64>,
    has_large: bool,
    runs: EdgeRuns,
    reservation: MemoryReservation,
    metrics: BuildMetrics,
}

impl BuildRows {
    /// Collects the left side of a join; what does not fit into memory is written to disk.
    pub(super) async fn collect(
        mut input: SendableRecordBatchStream,
        definition: Arc<Definition>,
        pool: Arc<dyn MemoryPool>,
        metrics: BuildMetrics,
        spill: SpillManager,
    ) -> Result<Self> {
        let mut collected = Collected::new(&pool, &metrics);
        while let Some(batch) = input.next().await {
            let batch = batch?;
            let timer = metrics.time.timer();
            let added = collected.add(&batch, &definition);
            timer.done();
            match added {
                Ok(()) => {}
                Err(error) if collected.is_divisible() && is_exhausted(&error) => {
                    let batches = collected.into_batches();
                    let most = batches.1 / 5 * 2;
                    let first = batches.0.into_iter().chain([batch]);
                    let collected = Collected::new(&pool, &metrics);
                    return Rest::split(first, input, collected, most, &definition, spill).await;
                }
                Err(error) => return Err(error),
            }
        }
        let timer = metrics.time.timer();
        let build = collected.finish(usize::MAX, None);
        timer.done();
        Ok(build)
    }
}

impl Collected {
    pub(super) fn new(pool: &Arc<dyn MemoryPool>, metrics: &BuildMetrics) -> Self {
        Self {
            batches: Vec::new(),
            geometries: Vec::new(),
            places: Vec::new(),
            entries: Vec::new(),
            keys: Vec::new(),
            empty: Vec::new(),
            distances: Vec::new(),
            has_large: false,
            runs: EdgeRuns::default(),
            reservation: MemoryConsumer::new("SpatialJoinExec").register(pool),
            metrics: metrics.clone(),
        }
    }

    /// Returns whether some of the rows can be left for later.
    pub(super) fn is_divisible(&self) -> bool {
        !self.batches.is_empty()
    }

    /// Returns the bytes that are booked.
    pub(super) fn size(&self) -> usize {
        self.reservation.size()
    }

    /// Returns the batches alone and the bytes that were booked.
    fn into_batches(self) -> (Vec<RecordBatch>, usize) {
        let size = self.size();
        (self.batches, size)
    }

    /// Returns the bytes that a batch takes, its geometries aside if they have to be computed.
    pub(super) fn size_of(batch: &RecordBatch, definition: &Definition) -> usize {
        let row_count = batch.num_rows();
        let has_keys = !definition.keys.is_empty();
        bytes_of(batch) + row_count * PER_ROW + Lookup::expected_memory(row_count, has_keys)
    }

    pub(super) fn add(&mut self, batch: &RecordBatch, definition: &Definition) -> Result<()> {
        let row_count = batch.num_rows();
        if row_count == 0 {
            return Ok(());
        }
        let Ok(batch_index) = u32::try_from(self.batches.len()) else {
            return exec_err!("the left side of a spatial join has too many rows");
        };
        let left = &definition.predicate.left;
        let given = left.evaluate(batch)?.into_array(row_count)?;
        let array = basic(&given, definition.predicate.relation)?;
        let is_kept = left.is::<Column>() && Arc::ptr_eq(&given, &array);
        let computed = if is_kept { 0 } else { array.get_array_memory_size() };
        self.reservation.try_grow(Self::size_of(batch, definition) + computed)?;
        self.metrics.memory.set(self.reservation.size());
        self.metrics.batches.add(1);
        self.metrics.rows.add(row_count);

        let distances = match &definition.predicate.distance {
            Distance::Left(distances) => distances.evaluate(batch)?,
            _ => Vec::new(),
        };
        self.keys.extend(definition.keys.of_left(batch)?);
        let surface = definition.predicate.surface;
        let has_runs = definition.has_runs();
        let run_bytes = self.runs.memory_size();
        let column = geometries(&array)?;
        for place in 0..row_count {
            let (Ok(row), Ok(place_index)) =
                (u32::try_from(self.places.len()), u32::try_from(place))
            else {
                return exec_err!("the left side of a spatial join has too many rows");
            };
            self.places.push((batch_index, place_index));
            let geometry = column.geometry(place).map_err(external)?;
            if has_runs {
                self.runs.add(geometry);
            }
            let Some(geometry) = geometry else { continue };
            match surface.bounds(geometry) {
                Some(bounds) => match distances.get(place) {
                    None => self.entries.push((bounds, row)),
                    // Nothing is near a row without a distance.
                    Some(distance) if distance.is_nan() => {}
                    Some(distance) => {
                        let near = surface.near(bounds, *distance);
                        self.entries.extend(near.map(|window| (window, row)));
                    }
                },
                None if geometry.is_empty() => self.empty.push(row),
                None => {}
            }
            self.has_large |= surface == Surface::Plane && is_worth_preparing(geometry);
        }
        self.reservation.try_grow(self.runs.memory_size() - run_bytes)?;
        self.distances.extend(distances);
        self.batches.push(batch.clone());
        self.geometries.push(array);
        Ok(())
    }

    /// Returns the rows, to be looked up.
    ///
    /// Geometries are prepared while no more bytes are booked than `most_bytes`.
    pub(super) fn finish(self, most_bytes: usize, rest: Option<Rest>) -> BuildRows {
        let row_count = self.places.len();
        let slot_count = if self.has_large { row_count } else { 0 };
        let has_keys = !self.keys.is_empty();
        let lookup = Lookup::new(self.entries, &self.keys);
        // What was needed to order the rows is given back.
        let spare = Lookup::expected_memory(row_count, has_keys);
        let spare = spare.saturating_sub(lookup.memory_size());
        self.reservation.shrink(spare.min(self.reservation.size()));
        self.metrics.memory.set(self.reservation.size());
        BuildRows {
            batches: self.batches,
            geometries: self.geometries,
            places: self.places,
            lookup,
            empty: self.empty,
            distances: self.distances,
            prepared: (0..slot_count).map(|_| OnceLock::new()).collect(),
            runs: self.runs,
            looks: (0..slot_count).map(|_| AtomicU16::new(0)).collect(),
            most_bytes,
            reservation: self.reservation,
            lacked_memory: AtomicBool::new(false),
            rest,
        }
    }
}
