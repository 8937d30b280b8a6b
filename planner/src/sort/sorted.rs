//! Collected rows, put out in their order.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::{JoinSide, Result};
use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use parking_lot::Mutex;

use super::buckets::Buckets;
use super::keys::KeyColumn;
use super::ranking::{Ranked, rank};
use super::{all, joined};
use crate::gather::{Gather, Rows, row_bytes};

/// So many bytes of values that are copied whole make a batch at most, one row aside.
const MOST_BYTES: usize = 64 << 20;

/// Collected rows, divided by the first column that they are sorted by.
pub(super) struct Collected {
    batches: Vec<RecordBatch>,
    order: LexOrdering,
    /// The keys of the columns that were looked at.
    keys: Vec<Mutex<Option<Arc<KeyColumn>>>>,
    /// The rows of each bucket, part by part.
    buckets: Vec<Vec<Vec<Ranked>>>,
}

impl Collected {
    /// Returns the batches of some partitions as rows to be sorted.
    pub(super) async fn of(partitions: Vec<Vec<RecordBatch>>, order: LexOrdering) -> Result<Self> {
        let parts = partitions.iter().map(|batches| {
            let (batches, first) = (batches.clone(), order.first().clone());
            SpawnedTask::spawn_blocking(move || keys_of(&batches, &first))
        });
        let keys = all(parts.collect()).await?;
        let keys = Arc::new(KeyColumn::concat(keys));
        let buckets = Arc::new(Buckets::of(&keys));
        let mut next = 0;
        let parts = partitions.iter().map(|batches| {
            let range = next..next + batches.len();
            next = range.end;
            let (keys, buckets) = (Arc::clone(&keys), Arc::clone(&buckets));
            SpawnedTask::spawn_blocking(move || Ok(buckets.divide(&keys, range)))
        });
        let mut divided = vec![Vec::with_capacity(partitions.len()); buckets.count()];
        for part in all(parts.collect()).await? {
            for (bucket, rows) in divided.iter_mut().zip(part) {
                bucket.push(rows);
            }
        }
        let first = Mutex::new(Some(keys));
        let others = (1..order.len()).map(|_| Mutex::default());
        Ok(Self {
            batches: partitions.into_iter().flatten().collect(),
            keys: std::iter::once(first).chain(others).collect(),
            order,
            buckets: divided,
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
        let buckets = std::mem::take(&mut self.buckets);
        let rows = Arc::new(self);
        let sorted = stream::iter(buckets).map({
            let rows = Arc::clone(&rows);
            move |bucket| {
                let rows = Arc::clone(&rows);
                joined(SpawnedTask::spawn_blocking(move || rows.sort(bucket)))
            }
        });
        let sorted = sorted.buffered(threads).map_ok({
            let rows = Arc::clone(&rows);
            move |sorted| stream::iter(rows.divide(&sorted, batch_size, &copied)).map(Ok)
        });
        let batches = sorted.try_flatten().map_ok(move |(sorted, range)| {
            let (rows, gather) = (Arc::clone(&rows), Arc::clone(&gather));
            joined(SpawnedTask::spawn(async move { rows.batch(&gather, &sorted, range) }))
        });
        batches.try_buffered(threads)
    }

    fn sort(&self, parts: Vec<Vec<Ranked>>) -> Result<Arc<[Ranked]>> {
        let mut rows = parts.concat();
        drop(parts);
        rank(&mut rows, &|column| self.keys(column))?;
        Ok(rows.into())
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
        let keys = Arc::new(keys_of(&self.batches, sorted_by)?);
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
            bytes += self.batches.get(batch).map_or(0, |batch| row_bytes(batch, copied, place));
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
        let rows = Rows { batches: &self.batches, places: &places };
        gather.batch(rows, Rows { batches: &[], places: &[] })
    }
}

/// Returns the keys of a column that is sorted by.
fn keys_of(batches: &[RecordBatch], column: &PhysicalSortExpr) -> Result<KeyColumn> {
    let values = batches.iter().map(|batch| -> Result<ArrayRef> {
        column.expr.evaluate(batch)?.into_array(batch.num_rows())
    });
    KeyColumn::of(values, column.options)
}
