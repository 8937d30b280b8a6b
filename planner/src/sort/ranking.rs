//! The order of rows.

use std::ops::Range;
use std::sync::Arc;

use datafusion::common::Result;

use super::keys::{KeyColumn, Keys};

/// A row: the number that it is sorted by, its batch and its place in the batch.
///
/// Rows that are sorted by equal values keep the order of their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    pub(super) key: u64,
    pub(super) batch: u32,
    pub(super) place: u32,
}

impl Ranked {
    /// Returns the batch of the row and its place in the batch.
    pub(super) fn row(self) -> (usize, usize) {
        (self.batch as usize, self.place as usize)
    }
}

/// Rows of a batch that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) batch: usize,
    pub(super) places: Range<usize>,
}

impl Run {
    /// Returns the rows with their keys.
    pub(super) fn ranked(&self, keys: &Keys) -> impl Iterator<Item = Ranked> {
        // There are fewer batches, and rows of a batch, than fit into 32 bits.
        let [batch, first] =
            [self.batch, self.places.start].map(|place| u32::try_from(place).unwrap_or(u32::MAX));
        let keys = keys.numbers().into_iter().zip(first..);
        keys.map(move |(key, place)| Ranked { key, batch, place })
    }
}

/// Returns the keys of a column that rows are sorted by; nothing behind the last one.
pub(super) trait KeysOf: Fn(usize) -> Result<Option<Arc<KeyColumn>>> {}

impl<F: Fn(usize) -> Result<Option<Arc<KeyColumn>>>> KeysOf for F {}

/// Orders rows that have the keys of the first column.
pub(super) fn rank(rows: &mut [Ranked], keys_of: &impl KeysOf) -> Result<()> {
    rows.sort_unstable();
    settle(rows, 0, keys_of)
}

/// Orders rows that are sorted by the keys of a column where these keys are equal: by that
/// column's NULLs and by the columns behind it.
fn settle(rows: &mut [Ranked], column: usize, keys_of: &impl KeysOf) -> Result<()> {
    let is_settled = rows.windows(2).all(|pair| match pair {
        [one, other] => one.key != other.key,
        _ => true,
    });
    if is_settled {
        return Ok(());
    }
    let Some(keys) = keys_of(column)? else { return Ok(()) };
    for run in rows.chunk_by_mut(|one, other| one.key == other.key) {
        let [first, _, ..] = run else { continue };
        if !keys.is_of_null(first.key) {
            sort_by(run, column + 1, keys_of)?;
            continue;
        }
        let is_behind = |row: &Ranked| keys.is_behind(row.row());
        run.sort_by_key(is_behind);
        for run in run.chunk_by_mut(|one, other| is_behind(one) == is_behind(other)) {
            sort_by(run, column + 1, keys_of)?;
        }
    }
    Ok(())
}

/// Orders rows whose values so far are equal by a column and the columns behind it.
fn sort_by(rows: &mut [Ranked], column: usize, keys_of: &impl KeysOf) -> Result<()> {
    if rows.len() < 2 {
        return Ok(());
    }
    let Some(keys) = keys_of(column)? else { return Ok(()) };
    for row in &mut *rows {
        row.key = keys.number(row.row());
    }
    rows.sort_unstable();
    settle(rows, column, keys_of)
}
