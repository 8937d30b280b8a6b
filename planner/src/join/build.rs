//! The left side in memory: indexed, and prepared row by row when it is asked for.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, RecordBatch};
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use godwit_geometry::{EdgeRuns, Geometry, GeometryError, Index, Kind, Relation, WkbColumn, curve};
use parking_lot::Mutex;

use super::cache::{Collected, Lease};
use super::definition::Definition;
use super::lookup::Lookup;
use super::metrics::BuildMetrics;
use super::parts::{Aside, Rest};

/// Geometries of at most so many bytes are compared as fast without preparation.
const SMALL: usize = 16 * 16;
/// The edges of polygons are looked through, run by run, for so many points before polygons are
/// prepared, which takes about as long. Tests have polygons of both kinds.
const FEW_LOOKS: u16 = if cfg!(test) { 3 } else { 512 };

/// The rows of a left side, where they are, and what has been prepared of them.
///
/// Joins of one plan and of several share them, so nothing in here is of one query.
#[derive(Debug)]
pub(super) struct BuildRows {
    pub(super) batches: Vec<RecordBatch>,
    /// The geometries of each batch.
    pub(super) geometries: Vec<ArrayRef>,
    /// The batch of each row and its place in the batch.
    pub(super) places: Vec<(u32, u32)>,
    pub(super) lookup: Lookup,
    /// The rows whose geometry is empty.
    pub(super) empty: Vec<u32>,
    /// The prepared geometries by row; none at all when every geometry is small.
    ///
    /// A row that did not fit into memory stays unprepared.
    pub(super) prepared: Vec<OnceLock<Option<Box<Index>>>>,
    /// The edges of the polygons, run by run.
    pub(super) runs: EdgeRuns,
    /// How often the edges of each row were looked through for a point.
    pub(super) looks: Vec<AtomicU16>,
    /// How far from each row the right geometry may be, when the left side says so.
    pub(super) distances: Vec<f64>,
    /// How many bytes may be booked once geometries are prepared.
    pub(super) most_bytes: usize,
    pub(super) reservation: MemoryReservation,
    /// Whether a geometry stayed unprepared because there was no memory.
    pub(super) lacked_memory: AtomicBool,
    /// The rows that did not fit into memory.
    pub(super) rest: Option<Rest>,
}

/// The left side of one join: the rows, which joins may share, and what became of them.
#[derive(Debug)]
pub(super) struct BuildSide {
    rows: Arc<BuildRows>,
    /// A bit for every row that had a match, when the join must know.
    visited: Vec<AtomicU64>,
    probes_left: AtomicUsize,
    /// The right rows that wait for the left rows that did not fit into memory.
    aside: Mutex<Vec<Aside>>,
    /// What the bits take.
    reservation: MemoryReservation,
    metrics: BuildMetrics,
    /// Dropped after the rows.
    _lease: Option<Lease>,
}

impl BuildSide {
    /// Returns the left side of a join over its rows.
    pub(super) fn try_new(
        rows: Arc<BuildRows>,
        definition: &Definition,
        probe_count: usize,
        pool: &Arc<dyn MemoryPool>,
        metrics: BuildMetrics,
    ) -> Result<Self> {
        let reservation = MemoryConsumer::new("SpatialJoinExec").register(pool);
        let word_count = if definition.tracks_left() { rows.row_count().div_ceil(64) } else { 0 };
        reservation.try_grow(word_count * size_of::<AtomicU64>())?;
        Ok(Self {
            rows,
            visited: (0..word_count).map(|_| AtomicU64::new(0)).collect(),
            probes_left: AtomicUsize::new(probe_count),
            aside: Mutex::default(),
            reservation,
            metrics,
            _lease: None,
        })
    }

    /// Returns the left side of a join whose rows are kept for other queries.
    pub(super) fn with_lease(self, lease: Option<Lease>) -> Self {
        Self { _lease: lease, ..self }
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

    /// Books memory for as long as the left side is there.
    pub(super) fn book(&self, bytes: usize) -> Result<()> {
        self.reservation.try_grow(bytes)
    }

    /// Keeps right rows for the left rows that did not fit into memory.
    pub(super) fn set_aside(&self, rows: Aside) {
        self.aside.lock().push(rows);
    }

    /// Returns the right rows that were kept.
    pub(super) fn take_aside(&self) -> Vec<Aside> {
        std::mem::take(&mut self.aside.lock())
    }

    /// Returns the prepared geometry of a row, unless it is too small or does not fit into memory.
    #[inline]
    pub(super) fn prepared(&self, row: u32) -> Result<Option<&Index>> {
        let Some(slot) = self.rows.prepared.get(row as usize) else { return Ok(None) };
        if let Some(prepared) = slot.get() {
            return Ok(prepared.as_deref());
        }
        let geometry = self.geometry(row)?;
        Ok(slot.get_or_init(|| self.rows.prepare(geometry, &self.metrics)).as_deref())
    }

    /// Returns whether a relation holds between the polygons of a row and the point at a position,
    /// if that can be said without a look at all of their edges.
    #[inline]
    pub(super) fn decide_xy(
        &self,
        row: u32,
        relation: Relation,
        at: [f64; 2],
    ) -> Result<Option<bool>> {
        if !self.is_looked_at_seldom(row)
            && let Some(prepared) = self.prepared(row)?
        {
            return Ok(prepared.decide_xy(relation, at[0], at[1]));
        }
        Ok(self.runs.decide_xy(row as usize, self.geometry(row)?, relation, at))
    }

    /// Notes that a partition of the right side is done; returns whether it was the last one.
    pub(super) fn finish_probe(&self) -> bool {
        self.probes_left.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

impl Deref for BuildSide {
    type Target = BuildRows;

    fn deref(&self) -> &BuildRows {
        &self.rows
    }
}

impl BuildRows {
    /// Returns the batches of rows.
    pub(super) fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Returns the number of rows.
    pub(super) fn row_count(&self) -> usize {
        self.places.len()
    }

    /// Returns the bytes of memory that are booked for the rows.
    pub(super) fn memory_size(&self) -> usize {
        self.reservation.size()
    }

    /// Returns the rows that did not fit into memory.
    pub(super) fn rest(&self) -> Option<&Rest> {
        self.rest.as_ref()
    }

    /// Returns the batch of a row and its place in the batch.
    #[inline]
    pub(super) fn place(&self, row: u32) -> (usize, usize) {
        let (batch, row) = self.places[row as usize];
        (batch as usize, row as usize)
    }

    /// Returns where all rows are that have a box.
    pub(super) fn lookup(&self) -> &Lookup {
        &self.lookup
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

    /// Returns how far from a row the right geometry may be, when the left side says so.
    #[inline]
    pub(super) fn distance(&self, row: u32) -> Option<f64> {
        self.distances.get(row as usize).copied()
    }

    /// Notes that a row is compared with a point; returns whether it has been with a few alone.
    #[inline]
    fn is_looked_at_seldom(&self, row: u32) -> bool {
        let Some(looks) = self.looks.get(row as usize) else { return false };
        let count = looks.load(Ordering::Relaxed);
        let is_seldom = count < FEW_LOOKS;
        if is_seldom {
            looks.store(count + 1, Ordering::Relaxed);
        }
        is_seldom
    }

    /// Prepares a geometry, if that is worthwhile and there is memory for it.
    fn prepare(&self, geometry: Geometry<'_>, metrics: &BuildMetrics) -> Option<Box<Index>> {
        if !is_worth_preparing(geometry) {
            return None;
        }
        if self.reservation.size() >= self.most_bytes {
            return None;
        }
        let index = Index::new(geometry);
        if self.reservation.try_grow(index.memory_size()).is_err() {
            self.lacked_memory.store(true, Ordering::Relaxed);
            return None;
        }
        metrics.memory.set(self.reservation.size());
        metrics.prepared.add(1);
        Some(Box::new(index))
    }
}

impl Collected for BuildRows {
    fn memory_size(&self) -> usize {
        self.reservation.size()
    }

    fn serves_others(&self) -> bool {
        self.rest.is_none() && !self.lacked_memory.load(Ordering::Relaxed)
    }
}

/// Returns the view of an array of geometries.
pub(crate) fn geometries(array: &ArrayRef) -> Result<WkbColumn<'_>> {
    if let Some(column) = WkbColumn::try_new(array.as_ref()) {
        return Ok(column);
    }
    internal_err!("the geometries of a spatial join must be binary")
}

/// Returns geometries of the kinds that a relation is computed for; arcs and surfaces are brought
/// to such, or to their boxes if it looks at no more.
pub(crate) fn basic(array: &ArrayRef, relation: Relation) -> Result<ArrayRef> {
    let column = geometries(array)?;
    if column.is_basic() {
        return Ok(Arc::clone(array));
    }
    let basic = match relation {
        Relation::BoundsIntersect => curve::to_box_column(column),
        _ => curve::to_basic_column(column),
    };
    basic.map_err(external)
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
pub(crate) fn external(error: GeometryError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
