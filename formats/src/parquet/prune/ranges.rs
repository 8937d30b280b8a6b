//! Rows of a row group as ranges.

use std::ops::Range;

/// Rows of a row group: ranges in order that do not touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RowRanges {
    ranges: Vec<Range<usize>>,
}

impl RowRanges {
    /// Returns the rows of ranges that come in order.
    pub(super) fn from_ordered(ranges: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut joined: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            if range.is_empty() {
                continue;
            }
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        Self { ranges: joined }
    }

    /// Returns the first rows.
    pub(super) fn first(row_count: usize) -> Self {
        Self::from_ordered(std::iter::once(0..row_count))
    }

    /// Returns the ranges.
    pub(super) fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        self.ranges.iter().cloned()
    }

    /// Returns whether there are no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Returns how many rows there are.
    pub(super) fn row_count(&self) -> usize {
        self.ranges.iter().map(Range::len).sum()
    }

    /// Returns whether one of the rows lies in a range.
    pub(super) fn meets(&self, range: &Range<usize>) -> bool {
        let next = self.ranges.partition_point(|own| own.end <= range.start);
        self.ranges.get(next).is_some_and(|own| own.start < range.end && !range.is_empty())
    }

    /// Returns the rows that both have.
    pub(super) fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        let mut common = Vec::new();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            common.push(a.start.max(b.start)..a.end.min(b.end));
            if a.end <= b.end {
                left.next();
            } else {
                right.next();
            }
        }
        Self::from_ordered(common)
    }

    /// Returns the rows that one of them has.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut ranges: Vec<_> = self.iter().chain(other.iter()).collect();
        ranges.sort_unstable_by_key(|range| range.start);
        Self::from_ordered(ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ranges: &[Range<usize>]) -> RowRanges {
        RowRanges::from_ordered(ranges.iter().cloned())
    }

    #[test]
    fn ranges_are_sets_of_rows() {
        let (a, b) = (rows(&[0..4, 6..10, 20..30]), rows(&[2..7, 9..20, 29..40]));
        assert_eq!(a.intersection(&b), rows(&[2..4, 6..7, 9..10, 29..30]));
        assert_eq!(a.union(&b), RowRanges::from_ordered(std::iter::once(0..40)));
        assert_eq!(a.intersection(&RowRanges::default()), RowRanges::default());
        assert_eq!(a.union(&RowRanges::default()), a);
        assert_eq!((a.row_count(), RowRanges::first(5).row_count()), (18, 5));
    }

    #[test]
    fn a_range_meets_the_rows_in_it() {
        let a = rows(&[0..4, 6..10]);
        let met = [3..5, 4..6, 5..7, 10..12, 0..1, 6..6].map(|range| a.meets(&range));
        assert_eq!(met, [true, false, true, false, true, false]);
    }
}
