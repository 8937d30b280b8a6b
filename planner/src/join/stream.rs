//! The right side: streamed against the index of the left side.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use futures::{Stream, StreamExt as _, stream};
use godwit_geometry::{Bounds, Geometry, Relation};

use super::build::{BuildSide, basic, external, geometries};
use super::definition::{Definition, Residual};
use super::metrics::ProbeMetrics;
use super::pending::Pending;
use super::predicate::Distance;
use super::refine::Comparison;
use crate::gather::Rows;
use crate::order::along_curve;
use crate::shared::Making;
use crate::tree::Stack;

/// So many right rows are compared together at most, so that near ones can follow each other.
const MOST_ROWS: usize = 1 << 16;
/// So many bytes of right rows are compared together at most, one batch aside.
const MOST_BYTES: usize = 32 << 20;
/// A left side of fewer bytes stays at hand, whatever the order of the right rows.
const FEW_BYTES: usize = 16 << 20;

/// One partition of the right side.
pub(super) struct Probe {
    input: SendableRecordBatchStream,
    build: Making<BuildSide>,
    definition: Arc<Definition>,
    batch_size: usize,
    metrics: ProbeMetrics,
    reservation: MemoryReservation,
    pending: Pending,
    stage: Stage,
    scratch: Scratch,
}

enum Stage {
    /// The next right batch is to be read.
    Read,
    /// A right batch is being compared.
    Compare(Current),
    /// All right batches are done; left rows are put out from this one on.
    Finish(usize),
    Done,
}

/// The right batch that is being compared.
struct Current {
    batch: RecordBatch,
    geometries: ArrayRef,
    /// The box of each row; nothing where there is none.
    bounds: Vec<Bounds>,
    /// How far from each row the left geometry may be, when the right side says so.
    distances: Vec<f64>,
    /// The rows in the order in which they are compared.
    order: Vec<u32>,
    /// How many rows were compared.
    done: usize,
    /// The rows that had a match, when the join must know.
    matched: Vec<bool>,
}

/// Memory that is used again and again.
#[derive(Default)]
struct Scratch {
    stack: Stack,
    candidates: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

impl Probe {
    pub(super) fn new(
        input: SendableRecordBatchStream,
        build: Making<BuildSide>,
        definition: Arc<Definition>,
        batch_size: usize,
        reservation: MemoryReservation,
        metrics: ProbeMetrics,
    ) -> Self {
        Self {
            input,
            build,
            pending: Pending::new(&definition, batch_size),
            definition,
            batch_size,
            metrics,
            reservation,
            stage: Stage::Read,
            scratch: Scratch::default(),
        }
    }

    /// Returns the batches of the result.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<RecordBatch>> {
        stream::try_unfold(self, |mut probe| async move {
            let batch = probe.next().await?;
            if let Some(batch) = &batch {
                probe.metrics.baseline.record_output(batch.num_rows());
            }
            Ok(batch.map(|batch| (batch, probe)))
        })
    }

    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let build = self.build.clone().await.map_err(DataFusionError::Shared)?;
        loop {
            let waits_too_long = matches!(self.stage, Stage::Read) && self.pending.is_overdue();
            if (self.pending.is_full() || waits_too_long)
                && let Some(batch) = self.pending.take(&self.definition, &build)?
            {
                return Ok(Some(batch));
            }
            match std::mem::replace(&mut self.stage, Stage::Done) {
                Stage::Read => self.read(&build).await?,
                Stage::Compare(current) => {
                    let time = self.metrics.baseline.elapsed_compute().clone();
                    let timer = time.timer();
                    self.compare(&build, current)?;
                    timer.done();
                }
                Stage::Finish(row) => self.finish(&build, row),
                Stage::Done => return self.pending.take(&self.definition, &build),
            }
        }
    }

    async fn read(&mut self, build: &BuildSide) -> Result<()> {
        let Some(batch) = self.read_rows().await? else {
            let emits_left = self.definition.emits_left_rows().is_some();
            if build.finish_probe() && emits_left {
                self.stage = Stage::Finish(0);
            }
            return Ok(());
        };
        let row_count = batch.num_rows();
        let time = self.metrics.baseline.elapsed_compute().clone();
        let timer = time.timer();
        let geometries = self.definition.predicate.right.evaluate(&batch)?.into_array(row_count)?;
        let geometries = basic(&geometries, self.definition.predicate.relation)?;
        let bounds = bounds_of(&geometries)?;
        let order = match build.memory_size() {
            0..FEW_BYTES => (0..).take(row_count).collect(),
            _ => along_curve(&bounds),
        };
        let distances = match &self.definition.predicate.distance {
            Distance::Right(distances) => distances.evaluate(&batch)?,
            _ => Vec::new(),
        };
        timer.done();
        let tracked = if self.definition.tracks_right() { row_count } else { 0 };
        self.pending.start_batch(batch.clone());
        let matched = vec![false; tracked];
        let done = 0;
        let current = Current { batch, geometries, bounds, distances, order, done, matched };
        self.stage = Stage::Compare(current);
        Ok(())
    }

    /// Reads right rows, as many as are compared together.
    async fn read_rows(&mut self) -> Result<Option<RecordBatch>> {
        let (mut batches, mut row_count, mut bytes) = (Vec::new(), 0, 0);
        while row_count < MOST_ROWS && bytes < MOST_BYTES {
            let Some(batch) = self.input.next().await.transpose()? else { break };
            self.metrics.batches.add(1);
            self.metrics.rows.add(batch.num_rows());
            row_count += batch.num_rows();
            bytes += get_record_batch_memory_size(&batch);
            if batch.num_rows() > 0 {
                batches.push(batch);
            }
        }
        self.reservation.try_resize(2 * bytes + row_count * size_of::<(Bounds, u32)>())?;
        match batches.as_slice() {
            [] => Ok(None),
            [batch] => Ok(Some(batch.clone())),
            batches => Ok(Some(concat_batches(&self.input.schema(), batches)?)),
        }
    }

    /// Compares rows of a right batch until they have enough matches for a batch of the result.
    fn compare(&mut self, build: &BuildSide, mut current: Current) -> Result<()> {
        let column = geometries(&current.geometries)?;
        self.scratch.pairs.clear();
        while self.scratch.pairs.len() < self.batch_size
            && let Some(row) = current.order.get(current.done).copied()
        {
            current.done += 1;
            if let Some(geometry) = column.geometry(row as usize).map_err(external)? {
                let bounds = current.bounds.get(row as usize).filter(|bounds| !bounds.is_nothing());
                let distance = match &self.definition.predicate.distance {
                    Distance::Constant(distance) => *distance,
                    // The boxes of the left side are grown already.
                    Distance::Left(_) => 0.0,
                    Distance::Right(_) => {
                        current.distances.get(row as usize).copied().unwrap_or(f64::NAN)
                    }
                };
                let right = (geometry, bounds.copied(), distance);
                self.compare_row(build, row, right, &mut current.matched)?;
            }
        }
        self.settle_pairs(build, &mut current)?;
        if current.done < current.order.len() {
            self.stage = Stage::Compare(current);
            return Ok(());
        }
        self.stage = Stage::Read;
        if let Some(emitted) = self.definition.emits_right_rows() {
            for (row, matched) in (0..).zip(current.matched) {
                if emitted.takes(matched) {
                    self.pending.push(build, None, Some(row), matched);
                }
            }
        }
        Ok(())
    }

    /// Finds the left rows that a right row matches.
    fn compare_row(
        &mut self,
        build: &BuildSide,
        row: u32,
        (geometry, bounds, distance): (Geometry<'_>, Option<Bounds>, f64),
        matched: &mut [bool],
    ) -> Result<()> {
        let definition = &*self.definition;
        let predicate = &definition.predicate;
        let Scratch { stack, candidates, pairs } = &mut self.scratch;
        candidates.clear();
        match bounds {
            // Nothing is near a row without a distance.
            Some(_) if distance.is_nan() => {}
            Some(bounds) => {
                let window = grown(bounds, distance);
                build.tree().search(&window, stack, |row| candidates.push(row));
            }
            // Empty geometries have no box, but are equal to each other.
            None if predicate.relation == Relation::Equals && geometry.is_empty() => {
                candidates.extend_from_slice(build.empty_rows());
            }
            None => {}
        }
        self.metrics.candidates.add(candidates.len());
        let mut comparison =
            Comparison::new(build, predicate, geometry, distance, candidates.len());
        let decides = definition.residual.is_none();
        let skips_visited = definition.tracks_left() && !definition.emits_pairs();
        for left in candidates.iter().copied() {
            if (skips_visited && build.is_visited(left)) || !comparison.holds(left)? {
                continue;
            }
            self.metrics.matches.add(1);
            if !decides || definition.emits_pairs() {
                pairs.push((left, row));
            } else if definition.tracks_left() {
                build.visit(left);
            } else {
                // One match is all that a right row needs.
                matched[row as usize] = true;
                break;
            }
        }
        Ok(())
    }

    /// Puts out the pairs for which the rest of the condition holds.
    fn settle_pairs(&mut self, build: &BuildSide, current: &mut Current) -> Result<()> {
        let definition = Arc::clone(&self.definition);
        for pairs in self.scratch.pairs.chunks(self.batch_size.max(1)) {
            let mask = match &definition.residual {
                Some(residual) => Some(evaluate(residual, build, &current.batch, pairs)?),
                None => None,
            };
            for (position, (left, right)) in pairs.iter().copied().enumerate() {
                if mask.as_ref().is_some_and(|mask| !mask[position]) {
                    continue;
                }
                if definition.tracks_left() {
                    build.visit(left);
                }
                if definition.tracks_right() {
                    current.matched[right as usize] = true;
                }
                if definition.emits_pairs() {
                    self.pending.push(build, Some(left), Some(right), true);
                }
            }
        }
        Ok(())
    }

    /// Puts out left rows for having had a match, or none.
    fn finish(&mut self, build: &BuildSide, first: usize) {
        let Some(emitted) = self.definition.emits_left_rows() else { return };
        for row in first..build.row_count() {
            // Row numbers fit into 32 bits, which was checked when they were given.
            let left = u32::try_from(row).unwrap_or(u32::MAX);
            let is_matched = build.is_visited(left);
            if emitted.takes(is_matched) {
                self.pending.push(build, Some(left), None, is_matched);
            }
            if self.pending.is_full() {
                self.stage = Stage::Finish(row + 1);
                return;
            }
        }
    }
}

fn bounds_of(array: &ArrayRef) -> Result<Vec<Bounds>> {
    let column = geometries(array)?;
    let bounds = (0..column.len()).map(|row| {
        let geometry = column.geometry(row).map_err(external)?;
        Ok(geometry.and_then(Geometry::bounds).unwrap_or(Bounds::NOTHING))
    });
    bounds.collect()
}

fn grown(bounds: Bounds, distance: f64) -> Bounds {
    if distance == 0.0 { bounds } else { bounds.expand(distance) }
}

/// Returns for every pair of rows whether the rest of the condition holds.
fn evaluate(
    residual: &Residual,
    build: &BuildSide,
    batch: &RecordBatch,
    pairs: &[(u32, u32)],
) -> Result<Vec<bool>> {
    let left: Vec<_> = pairs.iter().map(|(left, _)| build.place(*left)).collect();
    let right: Vec<_> = pairs.iter().map(|(_, right)| (0, *right as usize)).collect();
    let pairs = residual.gather.batch(
        Rows { batches: build.batches(), places: &left },
        Rows { batches: std::slice::from_ref(batch), places: &right },
    )?;
    let answers = residual.expression.evaluate(&pairs)?.into_array(pairs.num_rows())?;
    let answers = answers.as_boolean();
    Ok((0..answers.len()).map(|row| answers.is_valid(row) && answers.value(row)).collect())
}
