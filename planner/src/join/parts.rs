//! A left side that does not fit into memory: compared part by part.
//!
//! The first part stays in memory and is compared with the right side as it comes, while the right
//! rows are written to disk too. Whichever partition is done last reads the other parts of the left
//! side one after the other, and compares each with all of the right rows. So the right side is
//! read once for every part; rows need not be sorted into places, and every pair is met once.

use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::execution::memory_pool::MemoryPool;
use datafusion::execution::{SendableRecordBatchStream, SpillFile};
use datafusion::physical_plan::SpillManager;
use futures::StreamExt as _;

use super::build::{BuildRows, BuildSide};
use super::collected::Collected;
use super::definition::Definition;
use super::metrics::BuildMetrics;

/// What a file is made for, for the one who looks at files.
const PURPOSE: &str = "SpatialJoinExec";

/// The rows of a left side that did not fit into memory.
pub(super) struct Rest {
    file: Arc<dyn SpillFile>,
    spill: SpillManager,
    /// The bytes that one part may take.
    most: usize,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest").field("most", &self.most).finish_non_exhaustive()
    }
}

impl Rest {
    /// Returns the part of a left side that fits into so many bytes, with the rest of it.
    pub(super) async fn split(
        first: impl Iterator<Item = RecordBatch>,
        mut input: SendableRecordBatchStream,
        mut part: Collected,
        most: usize,
        definition: &Definition,
        spill: SpillManager,
    ) -> Result<BuildRows> {
        let mut file = spill.create_in_progress_file(PURPOSE)?;
        let mut is_full = false;
        for batch in first {
            is_full = is_full || !fits(&part, &batch, most, definition);
            if is_full {
                file.append_batch(&batch)?;
            } else {
                part.add(&batch, definition)?;
            }
        }
        while let Some(batch) = input.next().await {
            file.append_batch(&batch?)?;
        }
        let rest = file.finish()?.map(|file| Self { file, spill, most });
        Ok(part.finish(most / 4 * 5, rest))
    }

    /// Returns the parts, to be read in turn.
    pub(super) fn parts(&self) -> Result<Parts> {
        let file = Arc::clone(&self.file);
        let input = self.spill.read_spill_as_stream_unbuffered(file, None)?;
        Ok(Parts { input, ahead: None, most: self.most })
    }
}

/// The parts of a left side that did not fit into memory.
pub(super) struct Parts {
    input: SendableRecordBatchStream,
    /// The first batch of the next part.
    ahead: Option<RecordBatch>,
    most: usize,
}

impl Parts {
    /// Reads the next part, if there is another one.
    pub(super) async fn next(
        &mut self,
        definition: &Definition,
        pool: &Arc<dyn MemoryPool>,
        metrics: &BuildMetrics,
    ) -> Result<Option<BuildRows>> {
        let mut part = Collected::new(pool, metrics);
        if let Some(batch) = self.ahead.take() {
            part.add(&batch, definition)?;
        }
        while let Some(batch) = self.input.next().await.transpose()? {
            if !fits(&part, &batch, self.most, definition) {
                self.ahead = Some(batch);
                break;
            }
            part.add(&batch, definition)?;
        }
        Ok(part.is_divisible().then(|| part.finish(self.most / 4 * 5, None)))
    }

    /// Returns whether the part that was read last is the last one.
    pub(super) fn is_done(&self) -> bool {
        self.ahead.is_none()
    }
}

/// Returns whether a batch fits into a part, which has one at least.
fn fits(part: &Collected, batch: &RecordBatch, most: usize, definition: &Definition) -> bool {
    !part.is_divisible() || part.size() + Collected::size_of(batch, definition) <= most
}

/// Right rows of one partition that wait for the rest of the left side.
pub(super) struct Aside {
    file: Arc<dyn SpillFile>,
    spill: SpillManager,
    /// For every batch which of its rows had a match, when the join must know.
    matched: Vec<Vec<bool>>,
}

impl std::fmt::Debug for Aside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aside").field("batches", &self.matched.len()).finish_non_exhaustive()
    }
}

/// Right rows of one partition while they are set aside.
pub(super) struct SettingAside {
    append: Append,
    spill: SpillManager,
    matched: Vec<Vec<bool>>,
}

/// Appends a batch to a file, or finishes it; the type of such a file has no name elsewhere.
type Append = Box<dyn FnMut(Option<&RecordBatch>) -> Result<Option<Arc<dyn SpillFile>>> + Send>;

impl SettingAside {
    pub(super) fn new(spill: &SpillManager) -> Result<Self> {
        let mut file = spill.create_in_progress_file(PURPOSE)?;
        let append: Append = Box::new(move |batch| match batch {
            Some(batch) => file.append_batch(batch).map(|_| None),
            None => file.finish(),
        });
        Ok(Self { append, spill: spill.clone(), matched: Vec::new() })
    }

    /// Sets a batch aside.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        (self.append)(Some(batch)).map(|_| ())
    }

    /// Keeps which rows of the last batch had a match.
    pub(super) fn keep(&mut self, matched: Vec<bool>) {
        self.matched.push(matched);
    }

    /// Returns the rows that were set aside, if there are any.
    pub(super) fn finish(self) -> Result<Option<Aside>> {
        let Self { mut append, spill, matched } = self;
        Ok(append(None)?.map(|file| Aside { file, spill, matched }))
    }
}

/// What the partition that is done last has left to do.
pub(super) struct Remaining {
    parts: Parts,
    rows: Vec<Aside>,
    /// The part that is compared.
    build: Option<Arc<BuildSide>>,
    /// Which of the right rows are read, and how many of their batches were.
    at: (usize, usize),
    input: Option<SendableRecordBatchStream>,
    metrics: BuildMetrics,
}

impl Remaining {
    pub(super) fn new(rest: &Rest, rows: Vec<Aside>, metrics: BuildMetrics) -> Result<Self> {
        let (build, input) = (None, None);
        Ok(Self { parts: rest.parts()?, rows, build, at: (0, 0), input, metrics })
    }

    /// Returns the part that is compared.
    pub(super) fn build(&self) -> Option<&Arc<BuildSide>> {
        self.build.as_ref()
    }

    /// Returns whether no part follows the one that is compared.
    pub(super) fn is_last(&self) -> bool {
        self.parts.is_done()
    }

    /// Goes on to the next part; returns whether there is one.
    pub(super) async fn next_part(
        &mut self,
        definition: &Definition,
        pool: &Arc<dyn MemoryPool>,
    ) -> Result<bool> {
        // The memory of the last part is free for the next one.
        self.build = None;
        (self.at, self.input) = ((0, 0), None);
        let Some(rows) = self.parts.next(definition, pool, &self.metrics).await? else {
            return Ok(false);
        };
        let metrics = self.metrics.clone();
        let build = BuildSide::try_new(Arc::new(rows), definition, 1, pool, metrics)?;
        self.build = Some(Arc::new(build));
        Ok(true)
    }

    /// Reads the next batch of right rows, and which of them had a match.
    pub(super) async fn next_batch(&mut self) -> Result<Option<(RecordBatch, Vec<bool>)>> {
        loop {
            let Some(rows) = self.rows.get_mut(self.at.0) else { return Ok(None) };
            let input = if let Some(input) = &mut self.input {
                input
            } else {
                let file = Arc::clone(&rows.file);
                self.input.insert(rows.spill.read_spill_as_stream_unbuffered(file, None)?)
            };
            if let Some(batch) = input.next().await.transpose()? {
                let matched = rows.matched.get_mut(self.at.1).map(std::mem::take);
                self.at.1 += 1;
                return Ok(Some((batch, matched.unwrap_or_default())));
            }
            (self.at, self.input) = ((self.at.0 + 1, 0), None);
        }
    }

    /// Keeps which rows of the batch that was read last had a match.
    pub(super) fn keep(&mut self, matched: Vec<bool>) -> Result<()> {
        let rows = self.rows.get_mut(self.at.0);
        let last = self.at.1.checked_sub(1);
        let kept = rows.zip(last).and_then(|(rows, last)| rows.matched.get_mut(last));
        *kept.ok_or_else(|| internal_datafusion_err!("matches of no batch"))? = matched;
        Ok(())
    }
}
