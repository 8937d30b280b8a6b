//! The order of rows.

use datafusion::common::Result;

use super::keys::Keys;

/// A row: the number that it is sorted by, its batch and its place in the batch.
///
/// Rows that are sorted by equal values keep the order of their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    key: u64,
    batch: u32,
    place: u32,
}

/// What is booked for each row, copies that are made on the way included.
pub(super) const PER_ROW: usize = 3 * size_of::<Ranked>();
/// What is booked for each row and each column beyond the first.
pub(super) const PER_KEY: usize = size_of::<u64>();

impl Ranked {
    /// Returns the batch of the row and its place in the batch.
    pub(super) fn row(self) -> (usize, usize) {
        (self.batch as usize, self.place as usize)
    }
}

/// Returns the rows of some of the batches by the keys of the first column.
pub(super) fn by_first(first_batch: usize, keys: &[Keys]) -> Vec<Ranked> {
    let mut rows = Vec::with_capacity(keys.iter().map(|keys| keys.numbers().len()).sum());
    // There are fewer batches, and rows of a batch, than fit into 32 bits.
    for (batch, keys) in (u32::try_from(first_batch).unwrap_or(u32::MAX)..).zip(keys) {
        let places = keys.numbers().iter().zip(0_u32..);
        rows.extend(places.map(|(key, place)| Ranked { key: *key, batch, place }));
    }
    rows.sort_unstable();
    rows
}

/// Returns rows that are sorted part by part in one order.
pub(super) fn merge(parts: Vec<Vec<Ranked>>) -> Vec<Ranked> {
    let mut parts = parts.into_iter();
    let mut rows = parts.next().unwrap_or_default();
    rows.reserve_exact(parts.as_slice().iter().map(Vec::len).sum());
    for part in parts {
        rows.extend(part);
    }
    // The sort of the standard library finds the sorted parts and merges them.
    rows.sort();
    rows
}

/// Orders rows whose keys of the first column are equal, by that column's NULLs and by the others.
///
/// `keys_of` returns the keys of a column, batch by batch.
pub(super) fn settle(
    rows: &mut [Ranked],
    first: &[Keys],
    others: usize,
    keys_of: impl Fn(usize) -> Result<Vec<Keys>>,
) -> Result<()> {
    let is_settled = rows.windows(2).all(|pair| match pair {
        [one, other] => one.key != other.key,
        _ => true,
    });
    if is_settled {
        return Ok(());
    }
    let others = (1..=others).map(keys_of).collect::<Result<Vec<_>>>()?;
    let others: Vec<&[Keys]> = others.iter().map(Vec::as_slice).collect();
    settle_runs(rows, first, &others);
    Ok(())
}

/// Orders runs of equal keys of a column.
fn settle_runs(rows: &mut [Ranked], column: &[Keys], others: &[&[Keys]]) {
    for run in rows.chunk_by_mut(|one, other| one.key == other.key) {
        let [first, _, ..] = run else { continue };
        let key = first.key;
        let has_nulls = column.iter().any(|keys| keys.has_nulls() && keys.of_null() == key);
        if !has_nulls {
            sort_by_next(run, others);
            continue;
        }
        let is_behind = |row: &Ranked| {
            let (batch, place) = row.row();
            column.get(batch).is_some_and(|keys| keys.is_behind(place))
        };
        run.sort_by_key(is_behind);
        for run in run.chunk_by_mut(|one, other| is_behind(one) == is_behind(other)) {
            sort_by_next(run, others);
        }
    }
}

/// Orders rows whose values so far are equal by the next column.
fn sort_by_next(rows: &mut [Ranked], columns: &[&[Keys]]) {
    let Some((column, others)) = columns.split_first() else { return };
    if rows.len() < 2 {
        return;
    }
    for row in &mut *rows {
        let (batch, place) = row.row();
        row.key = column.get(batch).map_or(0, |keys| keys.number(place));
    }
    rows.sort_unstable();
    settle_runs(rows, column, others);
}
