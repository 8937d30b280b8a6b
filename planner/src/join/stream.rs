//! The right side: streamed against the index of the left side.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use datafusion::common::{DataFusionError, JoinType, Result};
use datafusion::execution::SendableRecordBatchStream;
use futures::{Stream, StreamExt as _, stream};
use godwit_geometry::{Bounds, Geometry, Relation};

use super::build::{BuildFuture, BuildSide, external, geometries};
use super::definition::{Definition, Residual};
use super::gather::Rows;
use super::metrics::ProbeMetrics;
use super::pending::Pending;
use super::refine::Comparison;
use super::tree::Stack;

/// One partition of the right side.
pub(super) struct Probe {
    input: SendableRecordBatchStream,
    build: BuildFuture,
    definition: Arc<Definition>,
    batch_size: usize,
    metrics: ProbeMetrics,
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
    next_row: usize,
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
        build: BuildFuture,
        definition: Arc<Definition>,
        batch_size: usize,
        metrics: ProbeMetrics,
    ) -> Self {
        Self {
            input,
            build,
            pending: Pending::new(&definition, batch_size),
            definition,
            batch_size,
            metrics,
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
        let Some(batch) = self.input.next().await.transpose()? else {
            let emits_left = self.definition.emits_left_rows().is_some();
            if build.finish_probe() && emits_left {
                self.stage = Stage::Finish(0);
            }
            return Ok(());
        };
        let row_count = batch.num_rows();
        self.metrics.batches.add(1);
        self.metrics.rows.add(row_count);
        if row_count == 0 {
            self.stage = Stage::Read;
            return Ok(());
        }
        let geometries = self.definition.predicate.right.evaluate(&batch)?.into_array(row_count)?;
        let tracked = if self.definition.tracks_right() { row_count } else { 0 };
        self.pending.start_batch(batch.clone());
        self.stage = Stage::Compare(Current {
            batch,
            geometries,
            next_row: 0,
            matched: vec![false; tracked],
        });
        Ok(())
    }

    /// Compares rows of a right batch until they have enough matches for a batch of the result.
    fn compare(&mut self, build: &BuildSide, mut current: Current) -> Result<()> {
        let row_count = current.batch.num_rows();
        let column = geometries(&current.geometries)?;
        self.scratch.pairs.clear();
        while current.next_row < row_count && self.scratch.pairs.len() < self.batch_size {
            let row = current.next_row;
            current.next_row += 1;
            if let Some(geometry) = column.geometry(row).map_err(external)? {
                self.compare_row(build, row, geometry, &mut current.matched)?;
            }
        }
        self.settle_pairs(build, &mut current)?;
        if current.next_row < row_count {
            self.stage = Stage::Compare(current);
            return Ok(());
        }
        self.stage = Stage::Read;
        if let Some(wanted) = self.definition.emits_right_rows() {
            for (row, matched) in (0..).zip(&current.matched) {
                if *matched == wanted {
                    self.pending.push(build, None, Some(row));
                }
            }
        }
        Ok(())
    }

    /// Finds the left rows that a right row matches.
    fn compare_row(
        &mut self,
        build: &BuildSide,
        row: usize,
        geometry: Geometry<'_>,
        matched: &mut [bool],
    ) -> Result<()> {
        let definition = &*self.definition;
        let predicate = &definition.predicate;
        let Scratch { stack, candidates, pairs } = &mut self.scratch;
        candidates.clear();
        match geometry.bounds() {
            Some(bounds) => {
                let window = grown(bounds, predicate.distance);
                build.tree().search(&window, stack, |row| candidates.push(row));
            }
            // Empty geometries have no box, but are equal to each other.
            None if predicate.relation == Relation::Equals && geometry.is_empty() => {
                candidates.extend_from_slice(build.empty_rows());
            }
            None => {}
        }
        self.metrics.candidates.add(candidates.len());
        let mut comparison = Comparison::new(build, predicate, geometry, candidates.len());
        let decides = definition.residual.is_none();
        let skips_visited = matches!(definition.join_type, JoinType::LeftSemi | JoinType::LeftAnti);
        for left in candidates.iter().copied() {
            if (skips_visited && build.is_visited(left)) || !comparison.holds(left)? {
                continue;
            }
            self.metrics.matches.add(1);
            if !decides || definition.emits_pairs() {
                // A batch has fewer rows than fit into 32 bits.
                pairs.push((left, u32::try_from(row).unwrap_or(u32::MAX)));
            } else if definition.tracks_left() {
                build.visit(left);
            } else {
                // One match is all that a right row needs.
                matched[row] = true;
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
                    self.pending.push(build, Some(left), Some(right));
                }
            }
        }
        Ok(())
    }

    /// Puts out left rows for having had a match, or none.
    fn finish(&mut self, build: &BuildSide, first: usize) {
        let Some(wanted) = self.definition.emits_left_rows() else { return };
        for row in first..build.row_count() {
            // Row numbers fit into 32 bits, which was checked when they were given.
            let left = u32::try_from(row).unwrap_or(u32::MAX);
            if build.is_visited(left) == wanted {
                self.pending.push(build, Some(left), None);
            }
            if self.pending.is_full() {
                self.stage = Stage::Finish(row + 1);
                return;
            }
        }
    }
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
