//! Collected rows, put out in their order.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::{JoinSide, Result, internal_err};
use datafusion::physical_expr::LexOrdering;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use parking_lot::Mutex;

use super::blocks::Block;
use super::buckets::{Buckets, ROWS};
use super::collect::{Collecting, Partition};
use super::keys::{KeyColumn, Keys, keys_of};
use super::ranking::{Ranked, Run, rank};
use super::{all, joined};
use crate::gather::{Gather, Rows, row_bytes};

/// So many bytes of values that are copied whole make a batch at most, one row aside.
const MOST_BYTES: usize = 64 << 20;

/// Collected rows, and what they are sorted by.
pub(super) struct Collected {
    blocks: Vec<RecordBatch>,
    order: LexOrdering,
    /// The keys of the columns that were looked at.
    keys: Vec<Mutex<Option<Arc<KeyColumn>>>>,
    /// Rows that are sorted for themselves, in their order.
    shares: Vec<Vec<Run>>,
}

/// Rows that are sorted together.
enum Bucket {
    /// Where they lie.
    Runs(Vec<Run>),
    /// What they are sorted by first, part by part.
    Rows(Vec<Vec<Ranked>>),
}

impl Collected {
    /// Returns the rows of some partitions as rows to be sorted.
    pub(super) async fn of(
        partitions: Vec<Partition>,
        collecting: &Arc<Collecting>,
        order: LexOrdering,
    ) -> Result<Self> {
        let rests = partitions.into_iter().map(|mut partition| {
            let collecting = Arc::clone(collecting);
            SpawnedTask::spawn_blocking(move || {
                collecting.put_together(&mut partition, true)?;
                let whole = partition.batches.into_iter().map(Block::whole);
                Ok(partition.blocks.into_iter().chain(whole).collect::<Vec<_>>())
            })
        });
        let blocks: Vec<_> = all(rests.collect()).await?.into_iter().flatten().collect();
        let shares = shares(&blocks, collecting.buckets().map_or(1, Buckets::count));
        Ok(Self {
            blocks: blocks.into_iter().map(|block| block.rows).collect(),
            keys: (0..order.len()).map(|_| Mutex::default()).collect(),
            order,
            shares,
        })
    }

    /// Returns the rows in their order. Some buckets are sorted, and some batches put together, at
    /// a time.
    pub(super) fn into_batches(
        mut self,
        schema: &SchemaRef,
        batch_size: usize,
        threads: usize,
    ) -> impl Stream<Item = Result<RecordBatch>> + use<> {
        let gather = Arc::new(Gather::of_rows(Arc::clone(schema)));
        let copied = gather.bounded_columns(JoinSide::Left);
        let shares = std::mem::take(&mut self.shares);
        let rows = Arc::new(self);
        let buckets = stream::iter(shares).then({
            let rows = Arc::clone(&rows);
            move |share| Arc::clone(&rows).buckets(share, threads)
        });
        let buckets = buckets.map_ok(|buckets| stream::iter(buckets).map(Ok)).try_flatten();
        let sorted = buckets.map_ok({
            let rows = Arc::clone(&rows);
            move |bucket| {
                let rows = Arc::clone(&rows);
                joined(SpawnedTask::spawn_blocking(move || rows.sort(bucket)))
            }
        });
        let sorted = sorted.try_buffered(threads).map_ok({
            let rows = Arc::clone(&rows);
            move |sorted| stream::iter(rows.divide(&sorted, batch_size, &copied)).map(Ok)
        });
        let batches = sorted.try_flatten().map_ok(move |(sorted, range)| {
            let (rows, gather) = (Arc::clone(&rows), Arc::clone(&gather));
            joined(SpawnedTask::spawn(async move { rows.batch(&gather, &sorted, range) }))
        });
        batches.try_buffered(threads)
    }

    /// Returns rows as buckets that are small enough to be sorted.
    async fn buckets(self: Arc<Self>, share: Vec<Run>, threads: usize) -> Result<Vec<Bucket>> {
        if row_count(&share) <= 2 * ROWS {
            return Ok(vec![Bucket::Runs(share)]);
        }
        let parts = share.chunks(share.len().div_ceil(threads));
        let parts: Vec<Arc<[Run]>> = parts.map(Arc::from).collect();
        let keys = parts.iter().map(|runs| {
            let (rows, runs) = (Arc::clone(&self), Arc::clone(runs));
            SpawnedTask::spawn_blocking(move || {
                runs.iter().map(|run| rows.first_keys(run)).collect::<Result<Vec<_>>>()
            })
        });
        let keys = all(keys.collect()).await?;
        let keys =
            KeyColumn::concat(keys.into_iter().flatten().collect(), self.order.first().options);
        let buckets = Arc::new(Buckets::of(&keys));
        let keys = Arc::new(keys);
        let mut next = 0;
        let parts = parts.into_iter().map(|runs| {
            let range = next..next + runs.len();
            next = range.end;
            let (keys, buckets) = (Arc::clone(&keys), Arc::clone(&buckets));
            SpawnedTask::spawn_blocking(move || {
                let keys = keys.batches().get(range).unwrap_or_default();
                Ok(buckets.divide(&runs, keys))
            })
        });
        let mut divided = vec![Vec::new(); buckets.count()];
        for part in all(parts.collect()).await? {
            for (bucket, rows) in divided.iter_mut().zip(part) {
                bucket.push(rows);
            }
        }
        Ok(divided.into_iter().map(Bucket::Rows).collect())
    }

    fn sort(&self, bucket: Bucket) -> Result<Arc<[Ranked]>> {
        let mut rows = match bucket {
            Bucket::Rows(parts) => parts.concat(),
            Bucket::Runs(runs) => {
                let mut rows = Vec::with_capacity(row_count(&runs));
                for run in runs {
                    rows.extend(run.ranked(&self.first_keys(&run)?));
                }
                rows
            }
        };
        rank(&mut rows, &|column| self.keys(column))?;
        Ok(rows.into())
    }

    /// Returns the keys of the column that rows are sorted by first.
    fn first_keys(&self, run: &Run) -> Result<Keys> {
        let Some(block) = self.blocks.get(run.batch) else {
            return internal_err!("rows to be sorted are in a block");
        };
        keys_of(&block.slice(run.places.start, run.places.len()), self.order.first())
    }

    /// Returns the keys of a column; nothing behind the last one that is sorted by.
    fn keys(&self, column: usize) -> Result<Option<Arc<KeyColumn>>> {
        let (Some(slot), Some(sorted_by)) = (self.keys.get(column), self.order.get(column)) else {
            return Ok(None);
        };
        let mut slot = slot.lock();
        if let Some(keys) = &*slot {
            return Ok(Some(Arc::clone(keys)));
        }
        let keys = Arc::new(KeyColumn::of(self.blocks.iter().cloned(), sorted_by)?);
        *slot = Some(Arc::clone(&keys));
        Ok(Some(keys))
    }

    /// Returns which of sorted rows make a batch each.
    fn divide(
        &self,
        sorted: &Arc<[Ranked]>,
        batch_size: usize,
        copied: &[usize],
    ) -> Vec<(Arc<[Ranked]>, Range<usize>)> {
        let mut ranges = Vec::with_capacity(sorted.len() / batch_size + 1);
        let mut start = 0;
        while let Some(rows) = sorted.get(start..).filter(|rows| !rows.is_empty()) {
            let end = start + self.count(rows.get(..batch_size).unwrap_or(rows), copied);
            ranges.push((Arc::clone(sorted), start..end));
            start = end;
        }
        ranges
    }

    /// Returns how many of the rows make a batch: fewer where the columns whose values are copied
    /// whole are large, and at least one.
    fn count(&self, rows: &[Ranked], copied: &[usize]) -> usize {
        let mut bytes = 0;
        for (count, row) in rows.iter().enumerate().filter(|_| !copied.is_empty()) {
            let (batch, place) = row.row();
            bytes += self.blocks.get(batch).map_or(0, |batch| row_bytes(batch, copied, place));
            if bytes > MOST_BYTES {
                return count.max(1);
            }
        }
        rows.len()
    }

    fn batch(
        &self,
        gather: &Gather,
        sorted: &[Ranked],
        range: Range<usize>,
    ) -> Result<RecordBatch> {
        let rows = sorted.get(range).unwrap_or_default();
        let places: Vec<_> = rows.iter().map(|row| row.row()).collect();
        let rows = Rows { batches: &self.blocks, places: &places };
        gather.batch(rows, Rows { batches: &[], places: &[] })
    }
}

/// Returns which rows are sorted for themselves: those of buckets that follow each other, of which
/// few enough are sorted together.
fn shares(blocks: &[Block], bucket_count: usize) -> Vec<Vec<Run>> {
    let count = |buckets: Range<usize>| -> usize {
        blocks.iter().map(|block| block.places(buckets.clone()).len()).sum()
    };
    let mut shares = Vec::new();
    let mut start = 0;
    while start < bucket_count {
        let mut end = start + 1;
        let mut rows = count(start..end);
        while end < bucket_count {
            rows += count(end..end + 1);
            if rows > ROWS {
                break;
            }
            end += 1;
        }
        let runs = blocks.iter().enumerate();
        let runs = runs.map(|(batch, block)| Run { batch, places: block.places(start..end) });
        shares.push(runs.filter(|run| !run.places.is_empty()).collect());
        start = end;
    }
    shares
}

fn row_count(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.places.len()).sum()
}
