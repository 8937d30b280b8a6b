//! Rows put together bucket by bucket while they are collected.
//!
//! The rows of a bucket come from everywhere. Where they lie one by one all over the memory, the
//! result waits for it with each value; put together block by block, they follow each other.

use std::ops::Range;

use arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::physical_expr::PhysicalSortExpr;

use super::buckets::Buckets;
use super::keys::keys_of;
use crate::gather::{Gather, Rows};
use crate::memory::bytes_of;

/// So many rows make a block: enough for those of a bucket to follow each other, few enough to
/// stay at hand meanwhile.
const ROWS: usize = 1 << 16;
/// Rows of more bytes are left where they are: most of their values follow each other anyway.
const MOST_ROW_BYTES: usize = 256;
/// So many bytes make a block, too.
pub(super) const BYTES: usize = ROWS * MOST_ROW_BYTES;

/// Rows that lie together.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) rows: RecordBatch,
    /// Where the rows of each bucket end; those of the last one, and rows that are not divided, end
    /// with the block.
    ends: Vec<usize>,
}

impl Block {
    /// Returns rows that are not divided.
    pub(super) fn whole(rows: RecordBatch) -> Self {
        Self { rows, ends: Vec::new() }
    }

    /// Returns the rows of some buckets that follow each other.
    pub(super) fn places(&self, buckets: Range<usize>) -> Range<usize> {
        let end = |bucket: usize| match bucket.checked_sub(1) {
            None => 0,
            Some(last) => self.ends.get(last).copied().unwrap_or_else(|| self.rows.num_rows()),
        };
        end(buckets.start)..end(buckets.end)
    }
}

/// Returns whether rows are worth being put together.
pub(super) fn is_worthwhile(batches: &[RecordBatch]) -> bool {
    let row_count: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let bytes: usize = batches.iter().map(bytes_of).sum();
    bytes / row_count.max(1) <= MOST_ROW_BYTES
}

/// Puts batches together in blocks whose rows are in the order of their buckets. What is too little
/// for a block stays, unless it is the rest.
pub(super) fn put_together(
    batches: &mut Vec<RecordBatch>,
    column: &PhysicalSortExpr,
    buckets: &Buckets,
    gather: &Gather,
    is_rest: bool,
) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let (mut row_count, mut bytes) = (0, 0);
    let mut parts = Vec::new();
    for batch in std::mem::take(batches) {
        row_count += batch.num_rows();
        bytes += bytes_of(&batch);
        parts.push(batch);
        if row_count >= ROWS || bytes >= BYTES {
            // What a block is made of goes when it is made.
            blocks.push(block(&std::mem::take(&mut parts), column, buckets, gather)?);
            (row_count, bytes) = (0, 0);
        }
    }
    if is_rest && !parts.is_empty() {
        blocks.push(block(&parts, column, buckets, gather)?);
    } else {
        *batches = parts;
    }
    Ok(blocks)
}

fn block(
    batches: &[RecordBatch],
    column: &PhysicalSortExpr,
    buckets: &Buckets,
    gather: &Gather,
) -> Result<Block> {
    let keys = batches.iter().map(|batch| Ok(keys_of(batch, column)?.numbers()));
    let keys = keys.collect::<Result<Vec<_>>>()?;
    let chosen: Vec<_> = keys.iter().flatten().map(|key| buckets.bucket(*key)).collect();
    let mut ends = vec![0; buckets.count()];
    for bucket in &chosen {
        ends[*bucket] += 1;
    }
    let mut next = Vec::with_capacity(ends.len());
    let mut end = 0;
    for count in &mut ends {
        next.push(end);
        end += *count;
        *count = end;
    }
    let mut places = vec![(0, 0); chosen.len()];
    let rows = keys.iter().enumerate();
    let rows = rows.flat_map(|(batch, rows)| (0..rows.len()).map(move |row| (batch, row)));
    for (bucket, row) in chosen.into_iter().zip(rows) {
        places[next[bucket]] = row;
        next[bucket] += 1;
    }
    Ok(Block { rows: gather.compact(Rows { batches, places: &places })?, ends })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        Array as _, ArrayRef, AsArray as _, Int64Array, StringViewArray, UInt64Array,
    };
    use arrow::compute::SortOptions;
    use arrow::datatypes::{Int64Type, UInt64Type};
    use datafusion::physical_expr::expressions::Column;

    use super::*;

    /// Returns rows whose keys come from everywhere, and whose other values tell where they were.
    fn batch(first: i64, row_count: i64) -> RecordBatch {
        let rows = || first..first + row_count;
        let keys = rows().map(|row| (row * 7_919 % 1000).cast_unsigned());
        let name = |row: i64| (row % 3 > 0).then(|| format!("the name of row {row}"));
        let columns: [(&str, ArrayRef); 3] = [
            ("key", Arc::new(keys.collect::<UInt64Array>())),
            ("row", Arc::new(rows().collect::<Int64Array>())),
            ("name", Arc::new(rows().map(name).collect::<StringViewArray>())),
        ];
        let columns = columns.map(|(name, column)| (name, column, true));
        RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
    }

    fn key() -> PhysicalSortExpr {
        PhysicalSortExpr::new(Arc::new(Column::new("key", 0)), SortOptions::default())
    }

    #[test]
    fn rows_of_a_bucket_follow_each_other_as_they_came() {
        let mut batches: Vec<_> = (0..30).map(|first| batch(first * 5000, 5000)).collect();
        let buckets = Buckets::ending_at(vec![100, 500, 501]);
        let gather = Gather::of_rows(batches[0].schema());
        let mut blocks =
            put_together(&mut batches, &key(), &buckets, &gather, false).expect("room");
        assert_eq!(batches.len(), 2);
        blocks.extend(put_together(&mut batches, &key(), &buckets, &gather, true).expect("room"));
        assert!(batches.is_empty());
        let row_counts: Vec<_> = blocks.iter().map(|block| block.rows.num_rows()).collect();
        assert_eq!(row_counts, [70_000, 70_000, 10_000]);
        for (bucket, count) in [15_000, 60_000, 150, 74_850].into_iter().enumerate() {
            let counts = blocks.iter().map(|block| block.places(bucket..bucket + 1).len());
            assert_eq!(counts.sum::<usize>(), count);
            let mut last = -1;
            for Block { rows, ends } in &blocks {
                let start = bucket.checked_sub(1).map_or(0, |last| ends[last]);
                let places = start..ends[bucket];
                for place in places {
                    let row = rows.column(1).as_primitive::<Int64Type>().value(place);
                    assert!(row > last, "{row} comes behind {last}");
                    last = row;
                    let key = rows.column(0).as_primitive::<UInt64Type>().value(place);
                    assert_eq!(
                        (key, buckets.bucket(key)),
                        ((row * 7_919 % 1000).cast_unsigned(), bucket)
                    );
                    let names = rows.column(2).as_string_view();
                    let name = names.is_valid(place).then(|| names.value(place).to_owned());
                    assert_eq!(name, (row % 3 > 0).then(|| format!("the name of row {row}")));
                }
            }
        }
        assert_eq!(blocks[2].places(0..4), 0..10_000);
        assert_eq!(Block::whole(batch(0, 7)).places(0..1), 0..7);
    }

    #[test]
    fn large_rows_make_small_blocks() {
        let names: ArrayRef = Arc::new(StringViewArray::from(vec!["x".repeat(BYTES / 2).as_str()]));
        let keys: ArrayRef = Arc::new(UInt64Array::from(vec![7]));
        let batch = RecordBatch::try_from_iter([("key", keys), ("name", names)]).expect("a batch");
        let gather = Gather::of_rows(batch.schema());
        assert!(!is_worthwhile(std::slice::from_ref(&batch)));
        let buckets = Buckets::ending_at(vec![1]);
        let mut batches = vec![batch; 5];
        let blocks = put_together(&mut batches, &key(), &buckets, &gather, true).expect("room");
        assert_eq!(blocks.len(), 3);
    }
}
