//! Counts as SQL integers.

/// Returns a count as a SQL integer; WKB cannot hold more than fit.
pub(super) fn count(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
