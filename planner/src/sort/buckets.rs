//! Rows divided by their keys, so that each share is sorted for itself.

use super::keys::{KeyColumn, Keys};
use super::ranking::{Ranked, Run};

/// About so many rows are sorted together: few enough to stay at hand meanwhile.
pub(super) const ROWS: usize = 1 << 17;
/// So many keys are looked at for each bucket.
const SAMPLES: usize = 32;

/// The keys at which one bucket ends and the next begins.
///
/// Rows of one key are in one bucket, so the buckets need not be merged (Frazer and `McKellar`,
/// "Samplesort", 1970).
#[derive(Debug)]
pub(super) struct Buckets(Vec<u64>);

impl Buckets {
    /// Returns buckets of about equal size for rows of some keys.
    pub(super) fn of(keys: &KeyColumn) -> Self {
        Self::parting(keys, keys.row_count().div_ceil(ROWS))
    }

    /// Returns about as many buckets of about equal size for rows of some keys.
    pub(super) fn parting(keys: &KeyColumn, count: usize) -> Self {
        if count < 2 {
            return Self(Vec::new());
        }
        let mut samples = keys.every(keys.row_count() / (count * SAMPLES));
        samples.sort_unstable();
        let ends = (1..count).filter_map(|end| samples.get(end * samples.len() / count));
        let mut ends: Vec<u64> = ends.copied().collect();
        ends.dedup();
        Self(ends)
    }

    /// Returns buckets that end at some keys.
    #[cfg(test)]
    pub(super) fn ending_at(keys: Vec<u64>) -> Self {
        Self(keys)
    }

    /// Returns the number of buckets.
    pub(super) fn count(&self) -> usize {
        self.0.len() + 1
    }

    /// Returns the bucket of rows of a key.
    pub(super) fn bucket(&self, key: u64) -> usize {
        self.0.partition_point(|end| *end <= key)
    }

    /// Returns the rows of some runs, which have these keys, bucket by bucket.
    pub(super) fn divide(&self, runs: &[Run], keys: &[Keys]) -> Vec<Vec<Ranked>> {
        let row_count: usize = keys.iter().map(Keys::len).sum();
        // A little more than the same for all, since buckets are about equal.
        let expected = row_count / self.count() / 8 * 9;
        let mut buckets: Vec<_> = (0..self.count()).map(|_| Vec::with_capacity(expected)).collect();
        for (run, keys) in runs.iter().zip(keys) {
            for row in run.ranked(keys) {
                if let Some(rows) = buckets.get_mut(self.bucket(row.key)) {
                    rows.push(row);
                }
            }
        }
        buckets
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};
    use arrow::compute::SortOptions;

    use super::*;

    #[test]
    fn buckets_are_of_about_equal_size_and_in_order() {
        let batch_of = |batch: i64| -> ArrayRef {
            let values = (0..8192).map(|row| (batch * 8192 + row) * 7_919 % 1_000_003);
            Arc::new(values.collect::<Int64Array>())
        };
        let keys =
            (0..100).map(|batch| Keys::of(&batch_of(batch), SortOptions::default()).unwrap());
        let keys = KeyColumn::concat(keys.collect(), SortOptions::default());
        let buckets = Buckets::of(&keys);
        assert_eq!(buckets.count(), 7);
        let runs: Vec<_> = (0..100).map(|batch| Run { batch, places: 0..8192 }).collect();
        let divided = buckets.divide(&runs, keys.batches());
        assert_eq!(divided.iter().map(Vec::len).sum::<usize>(), 819_200);
        assert!(divided.iter().all(|rows| rows.len() < 2 * ROWS));
        let ends = divided.iter().map(|rows| {
            let keys = || rows.iter().map(|row| row.key);
            (keys().min().unwrap(), keys().max().unwrap())
        });
        let ends: Vec<_> = ends.collect();
        assert!(ends.windows(2).all(|pair| pair[0].1 < pair[1].0), "{ends:?}");
    }
}
