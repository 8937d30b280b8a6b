//! The left side: collected, indexed, and prepared row by row when it is asked for.

use std::fmt::{Debug, Formatter};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, RecordBatch};
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::common::{DataFusionError, Result, exec_err, internal_err};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use datafusion::physical_expr::expressions::Column;
use futures::StreamExt as _;
use futures::future::{BoxFuture, FutureExt as _, Shared};
use godwit_geometry::{Geometry, GeometryError, Index, Kind, WkbColumn};
use parking_lot::Mutex;

use super::definition::Definition;
use super::metrics::BuildMetrics;
use super::tree::Tree;

/// Geometries of at most so many bytes are compared as fast without preparation.
const SMALL: usize = 16 * 16;

/// The left side, once it is collected.
pub(super) type BuildFuture = Shared<BoxFuture<'static, Result<Arc<BuildSide>, Shareable>>>;

type Shareable = Arc<DataFusionError>;

/// The left side of all partitions of a join; the first partition starts to collect it.
#[derive(Default)]
pub(super) struct SharedBuild(Mutex<Option<BuildFuture>>);

impl SharedBuild {
    /// Returns the future left side, which is started if it was not yet.
    pub(super) fn get_or_start<F>(&self, start: impl FnOnce() -> Result<F>) -> Result<BuildFuture>
    where
        F: Future<Output = Result<BuildSide>> + Send + 'static,
    {
        let mut shared = self.0.lock();
        if let Some(build) = &*shared {
            return Ok(build.clone());
        }
        let collecting = start()?;
        let build = collecting.map(|build| build.map(Arc::new).map_err(Arc::new)).boxed().shared();
        *shared = Some(build.clone());
        Ok(build)
    }
}

impl Debug for SharedBuild {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedBuild").finish_non_exhaustive()
    }
}

/// The left side: its rows, a tree over their boxes, and what has been prepared of them.
#[derive(Debug)]
pub(super) struct BuildSide {
    batches: Vec<RecordBatch>,
    /// The geometries of each batch.
    geometries: Vec<ArrayRef>,
    /// The batch of each row and its place in the batch.
    places: Vec<(u32, u32)>,
    tree: Tree,
    /// The rows whose geometry is empty.
    empty: Vec<u32>,
    /// The prepared geometries by row; none at all when every geometry is small.
    ///
    /// A row that did not fit into memory stays unprepared.
    prepared: Vec<OnceLock<Option<Box<Index>>>>,
    /// A bit for every row that had a match, when the join must know.
    visited: Vec<AtomicU64>,
    probes_left: AtomicUsize,
    reservation: MemoryReservation,
    metrics: BuildMetrics,
}

impl BuildSide {
    /// Collects the left side of a join.
    pub(super) async fn collect(
        mut input: SendableRecordBatchStream,
        definition: Arc<Definition>,
        probe_count: usize,
        pool: Arc<dyn MemoryPool>,
        metrics: BuildMetrics,
    ) -> Result<Self> {
        let reservation = MemoryConsumer::new("SpatialJoinExec").register(&pool);
        let mut collected = Collected::default();
        while let Some(batch) = input.next().await {
            let batch = batch?;
            if batch.num_rows() > 0 {
                let timer = metrics.time.timer();
                collected.add(batch, &definition, &reservation, &metrics)?;
                timer.done();
            }
        }
        let timer = metrics.time.timer();
        let build = collected.finish(&definition, probe_count, reservation, metrics.clone());
        timer.done();
        build
    }

    /// Returns the batches of rows.
    pub(super) fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Returns the number of rows.
    pub(super) fn row_count(&self) -> usize {
        self.places.len()
    }

    /// Returns the batch of a row and its place in the batch.
    #[inline]
    pub(super) fn place(&self, row: u32) -> (usize, usize) {
        let (batch, row) = self.places[row as usize];
        (batch as usize, row as usize)
    }

    /// Returns the tree over the boxes of all rows that have one.
    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Returns the rows whose geometry is empty.
    pub(super) fn empty_rows(&self) -> &[u32] {
        &self.empty
    }

    /// Returns the geometry of a row that has one.
    #[inline]
    pub(super) fn geometry(&self, row: u32) -> Result<Geometry<'_>> {
        let (batch, place) = self.place(row);
        match geometries(&self.geometries[batch])?.geometry(place) {
            Ok(Some(geometry)) => Ok(geometry),
            Ok(None) => internal_err!("an indexed row has no geometry"),
            Err(error) => Err(external(error)),
        }
    }

    /// Returns the prepared geometry of a row, unless it is too small or does not fit into memory.
    #[inline]
    pub(super) fn prepared(&self, row: u32) -> Result<Option<&Index>> {
        let Some(slot) = self.prepared.get(row as usize) else { return Ok(None) };
        if let Some(prepared) = slot.get() {
            return Ok(prepared.as_deref());
        }
        let geometry = self.geometry(row)?;
        Ok(slot.get_or_init(|| self.prepare(geometry)).as_deref())
    }

    /// Notes that a row had a match.
    pub(super) fn visit(&self, row: u32) {
        if let Some(bits) = self.visited.get(row as usize / 64) {
            bits.fetch_or(1 << (row % 64), Ordering::Relaxed);
        }
    }

    /// Returns whether a row is known to have had a match.
    pub(super) fn is_visited(&self, row: u32) -> bool {
        let bits = self.visited.get(row as usize / 64);
        bits.is_some_and(|bits| bits.load(Ordering::Relaxed) & (1 << (row % 64)) != 0)
    }

    /// Notes that a partition of the right side is done; returns whether it was the last one.
    pub(super) fn finish_probe(&self) -> bool {
        self.probes_left.fetch_sub(1, Ordering::AcqRel) == 1
    }

    fn prepare(&self, geometry: Geometry<'_>) -> Option<Box<Index>> {
        if !is_worth_preparing(geometry) {
            return None;
        }
        let index = Index::new(geometry);
        self.reservation.try_grow(index.memory_size()).ok()?;
        self.metrics.memory.set(self.reservation.size());
        self.metrics.prepared.add(1);
        Some(Box::new(index))
    }
}

/// The left side while it is collected.
#[derive(Default)]
struct Collected {
    batches: Vec<RecordBatch>,
    geometries: Vec<ArrayRef>,
    places: Vec<(u32, u32)>,
    entries: Vec<(godwit_geometry::Bounds, u32)>,
    empty: Vec<u32>,
    has_large: bool,
}

impl Collected {
    fn add(
        &mut self,
        batch: RecordBatch,
        definition: &Definition,
        reservation: &MemoryReservation,
        metrics: &BuildMetrics,
    ) -> Result<()> {
        let row_count = batch.num_rows();
        let Ok(batch_index) = u32::try_from(self.batches.len()) else {
            return exec_err!("the left side of a spatial join has too many rows");
        };
        let left = &definition.predicate.left;
        let array = left.evaluate(&batch)?.into_array(row_count)?;
        let computed = if left.is::<Column>() { 0 } else { array.get_array_memory_size() };
        let per_row = size_of::<(u32, u32)>() + size_of::<(godwit_geometry::Bounds, u32)>();
        let size = get_record_batch_memory_size(&batch) + computed + row_count * per_row;
        reservation.try_grow(size)?;
        metrics.memory.set(reservation.size());
        metrics.batches.add(1);
        metrics.rows.add(row_count);

        let column = geometries(&array)?;
        for place in 0..row_count {
            let (Ok(row), Ok(place_index)) =
                (u32::try_from(self.places.len()), u32::try_from(place))
            else {
                return exec_err!("the left side of a spatial join has too many rows");
            };
            self.places.push((batch_index, place_index));
            let Some(geometry) = column.geometry(place).map_err(external)? else { continue };
            match geometry.bounds() {
                Some(bounds) => self.entries.push((bounds, row)),
                None if geometry.is_empty() => self.empty.push(row),
                None => {}
            }
            self.has_large |= is_worth_preparing(geometry);
        }
        self.batches.push(batch);
        self.geometries.push(array);
        Ok(())
    }

    fn finish(
        self,
        definition: &Definition,
        probe_count: usize,
        reservation: MemoryReservation,
        metrics: BuildMetrics,
    ) -> Result<BuildSide> {
        let row_count = self.places.len();
        let slot = size_of::<OnceLock<Option<Box<Index>>>>();
        let slot_count = if self.has_large { row_count } else { 0 };
        let word_count = if definition.tracks_left() { row_count.div_ceil(64) } else { 0 };
        let making = Tree::expected_memory(self.entries.len());
        reservation.try_grow(making + slot_count * slot + word_count * 8)?;
        let tree = Tree::new(&self.entries);
        // The list of boxes and the work space of the tree are given back.
        let entries = self.entries.len() * size_of::<(godwit_geometry::Bounds, u32)>();
        reservation.shrink((making + entries).saturating_sub(tree.memory_size()));
        metrics.memory.set(reservation.size());
        Ok(BuildSide {
            batches: self.batches,
            geometries: self.geometries,
            places: self.places,
            tree,
            empty: self.empty,
            prepared: (0..slot_count).map(|_| OnceLock::new()).collect(),
            visited: (0..word_count).map(|_| AtomicU64::new(0)).collect(),
            probes_left: AtomicUsize::new(probe_count),
            reservation,
            metrics,
        })
    }
}

/// Returns the view of an array of geometries.
pub(super) fn geometries(array: &ArrayRef) -> Result<WkbColumn<'_>> {
    if let Some(column) = WkbColumn::try_new(array.as_ref()) {
        return Ok(column);
    }
    internal_err!("the geometries of a spatial join must be binary")
}

/// Returns whether comparing with many others is faster after a preparation.
pub(super) fn is_worth_preparing(geometry: Geometry<'_>) -> bool {
    geometry.bytes().len() > SMALL
        && matches!(
            geometry.kind(),
            Kind::LineString | Kind::MultiLineString | Kind::Polygon | Kind::MultiPolygon
        )
}

/// Returns a geometry error as it travels through the query engine.
pub(super) fn external(error: GeometryError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
