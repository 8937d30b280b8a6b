//! The right side: streamed against the index of the left side.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use datafusion::physical_plan::SpillManager;
use futures::{Stream, StreamExt as _, stream};
use godwit_geometry::Bounds;

use super::build::BuildSide;
use super::compare::{Current, Scratch};
use super::definition::Definition;
use super::metrics::{BuildMetrics, ProbeMetrics};
use super::output::Output;
use super::parts::{Remaining, SettingAside};
use crate::shared::Making;

/// So many right rows are compared together at most, so that near ones can follow each other.
const MOST_ROWS: usize = 1 << 16;
/// So many bytes of right rows are compared together at most, one batch aside.
const MOST_BYTES: usize = 32 << 20;

/// One partition of the right side.
pub(super) struct Probe {
    input: SendableRecordBatchStream,
    build: Making<BuildSide>,
    definition: Arc<Definition>,
    metrics: ProbeMetrics,
    place: Place,
    reservation: MemoryReservation,
    output: Output,
    stage: Stage,
    scratch: Scratch,
    /// The right rows, when the left side has more parts than the first.
    aside: Option<SettingAside>,
    /// The other parts of the left side, when they are left to this partition.
    remaining: Option<Remaining>,
}

/// Where memory and files come from, and how many rows make a batch.
pub(super) struct Place {
    pub(super) batch_size: usize,
    pub(super) pool: Arc<dyn MemoryPool>,
    /// For rows of the right side.
    pub(super) spill: SpillManager,
    pub(super) build_metrics: BuildMetrics,
}

enum Stage {
    /// The next right batch is to be read.
    Read,
    /// A right batch is being compared.
    Compare(Current),
    /// All right batches are done; left rows are put out from this one on.
    Finish(usize),
    /// A part of the left side is done.
    NextPart,
    Done,
}

impl Probe {
    pub(super) fn new(
        input: SendableRecordBatchStream,
        build: Making<BuildSide>,
        definition: Arc<Definition>,
        output: Output,
        place: Place,
        metrics: ProbeMetrics,
    ) -> Self {
        let reservation = MemoryConsumer::new("SpatialJoinExec").register(&place.pool);
        Self {
            input,
            build,
            output,
            definition,
            metrics,
            place,
            reservation,
            stage: Stage::Read,
            scratch: Scratch::default(),
            aside: None,
            remaining: None,
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
        let first = self.build.clone().await.map_err(DataFusionError::Shared)?;
        loop {
            let part = self.remaining.as_ref().and_then(Remaining::build);
            let build = Arc::clone(part.unwrap_or(&first));
            let waits_too_long = matches!(self.stage, Stage::Read) && self.output.is_overdue();
            if (self.output.is_full() || waits_too_long)
                && let Some(batch) = self.output.take(&self.definition, &build)?
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
                    // Many steps may pass before there is a batch.
                    give_way().await;
                }
                Stage::Finish(row) => self.finish(&build, row)?,
                Stage::NextPart => {
                    // What waits belongs to the part that is done.
                    let waiting = self.output.take(&self.definition, &build)?;
                    if waiting.is_some() {
                        self.stage = Stage::NextPart;
                        return Ok(waiting);
                    }
                    drop(build);
                    self.next_part().await?;
                }
                Stage::Done => return self.output.take(&self.definition, &build),
            }
        }
    }

    async fn read(&mut self, build: &BuildSide) -> Result<()> {
        if let Some(remaining) = &mut self.remaining {
            if let Some((batch, matched)) = remaining.next_batch().await? {
                return self.start(build, batch, matched);
            }
            return self.finish(build, 0);
        }
        let Some(batch) = self.read_rows().await? else { return self.finish_input(build) };
        if build.rest().is_some() {
            let aside = match &mut self.aside {
                Some(aside) => aside,
                None => self.aside.insert(SettingAside::new(&self.place.spill)?),
            };
            aside.add(&batch)?;
        }
        let tracked = if self.definition.tracks_right() { batch.num_rows() } else { 0 };
        self.start(build, batch, vec![false; tracked])
    }

    /// Makes right rows the ones that are compared.
    fn start(&mut self, build: &BuildSide, batch: RecordBatch, matched: Vec<bool>) -> Result<()> {
        let time = self.metrics.baseline.elapsed_compute().clone();
        let timer = time.timer();
        let current = Current::try_new(batch.clone(), matched, build, &self.definition)?;
        timer.done();
        self.output.start_batch(build, batch)?;
        self.stage = Stage::Compare(current);
        Ok(())
    }

    /// Ends this partition, or goes on with what all of them have left.
    fn finish_input(&mut self, build: &BuildSide) -> Result<()> {
        if let Some(rows) = self.aside.take().map(SettingAside::finish).transpose()?.flatten() {
            build.set_aside(rows);
        }
        if !build.finish_probe() {
            return Ok(());
        }
        if let Some(rest) = build.rest() {
            let (rows, metrics) = (build.take_aside(), self.place.build_metrics.clone());
            self.remaining = Some(Remaining::new(rest, rows, metrics)?);
        }
        self.finish(build, 0)
    }

    /// Goes on to the next part of the left side.
    async fn next_part(&mut self) -> Result<()> {
        let Some(remaining) = &mut self.remaining else { return Ok(()) };
        if remaining.next_part(&self.definition, &self.place.pool).await? {
            self.stage = Stage::Read;
        }
        Ok(())
    }

    /// Returns whether right rows will be compared with more left rows.
    fn has_more_parts(&self, build: &BuildSide) -> bool {
        match &self.remaining {
            Some(remaining) => remaining.build().is_none() || !remaining.is_last(),
            None => build.rest().is_some(),
        }
    }

    /// Keeps which of the right rows had a match.
    fn keep(&mut self, build: &BuildSide, matched: Vec<bool>) -> Result<()> {
        if let Some(remaining) = &mut self.remaining {
            return remaining.keep(matched);
        }
        build.book(matched.len())?;
        if let Some(aside) = &mut self.aside {
            aside.keep(matched);
        }
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
            let booked = 2 * bytes + row_count * size_of::<(Bounds, u32)>();
            if self.reservation.try_resize(booked).is_err() {
                // Few rows are better than none.
                break;
            }
        }
        match batches.as_slice() {
            [] => Ok(None),
            [batch] => Ok(Some(batch.clone())),
            batches => Ok(Some(concat_batches(&self.input.schema(), batches)?)),
        }
    }

    /// Compares rows of a right batch until they have enough matches for a batch of the result.
    fn compare(&mut self, build: &BuildSide, mut current: Current) -> Result<()> {
        let most = self.place.batch_size;
        current.compare(build, &self.definition, most, &mut self.scratch)?;
        self.metrics.candidates.add(std::mem::take(&mut self.scratch.candidate_count));
        self.metrics.matches.add(std::mem::take(&mut self.scratch.match_count));
        self.settle_pairs(build, &mut current)?;
        if !current.is_done() {
            self.stage = Stage::Compare(current);
            return Ok(());
        }
        self.stage = Stage::Read;
        if let Some(emitted) = self.definition.emits_right_rows() {
            if self.has_more_parts(build) {
                return self.keep(build, current.matched);
            }
            for (row, matched) in (0..).zip(current.matched) {
                if emitted.takes(matched) {
                    self.output.push(build, None, Some(row), matched)?;
                }
            }
        }
        Ok(())
    }

    /// Puts out the pairs for which the rest of the condition holds.
    fn settle_pairs(&mut self, build: &BuildSide, current: &mut Current) -> Result<()> {
        let definition = Arc::clone(&self.definition);
        for pairs in self.scratch.pairs.chunks(self.place.batch_size.max(1)) {
            let mut holds = vec![true; pairs.len()];
            for condition in current.rows().tested_last(&definition) {
                let answers = condition.holds(build, &current.rows().batch, pairs)?;
                holds.iter_mut().zip(answers).for_each(|(holds, answer)| *holds &= answer);
            }
            for ((left, right), holds) in pairs.iter().copied().zip(holds) {
                if !holds {
                    continue;
                }
                if definition.tracks_left() {
                    build.visit(left);
                }
                if definition.tracks_right() {
                    current.matched[right as usize] = true;
                }
                if definition.emits_pairs() {
                    self.output.push(build, Some(left), Some(right), true)?;
                }
            }
        }
        Ok(())
    }

    /// Puts out left rows for having had a match, or none.
    fn finish(&mut self, build: &BuildSide, first: usize) -> Result<()> {
        if self.remaining.is_some() {
            self.stage = Stage::NextPart;
        }
        let Some(emitted) = self.definition.emits_left_rows() else { return Ok(()) };
        for row in first..build.row_count() {
            // Row numbers fit into 32 bits, which was checked when they were given.
            let left = u32::try_from(row).unwrap_or(u32::MAX);
            let is_matched = build.is_visited(left);
            if emitted.takes(is_matched) {
                self.output.push(build, Some(left), None, is_matched)?;
            }
            if self.output.is_full() {
                self.stage = Stage::Finish(row + 1);
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Lets the end of the query, and what else there is to do, come in between.
async fn give_way() {
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
