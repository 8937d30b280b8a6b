//! Rows of the result that wait until there are enough of them for a batch.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use datafusion::common::{JoinSide, Result};

use super::build::BuildSide;
use super::definition::Definition;
use crate::gather::{NO_ROW, Rows, row_bytes};

/// The largest number of right batches that are held for their waiting rows.
const MOST_BATCHES: usize = 4;
/// The most bytes of values that are copied into one batch, far from what its columns can hold.
const MOST_BYTES: usize = 128 << 20;

/// Rows of the result that wait until there are enough of them for a batch.
#[derive(Debug)]
pub(super) struct Pending {
    batch_size: usize,
    left: Vec<(usize, usize)>,
    right: Vec<(usize, usize)>,
    /// Whether each row had a match.
    marks: Vec<bool>,
    /// The right batches that waiting rows come from, the current one last.
    batches: Vec<RecordBatch>,
    bytes: usize,
    left_columns: Vec<usize>,
    right_columns: Vec<usize>,
}

impl Pending {
    pub(super) fn new(definition: &Definition, batch_size: usize) -> Self {
        Self {
            batch_size: batch_size.max(1),
            left: Vec::new(),
            right: Vec::new(),
            marks: Vec::new(),
            batches: Vec::new(),
            bytes: 0,
            left_columns: definition.output.bounded_columns(JoinSide::Left),
            right_columns: definition.output.bounded_columns(JoinSide::Right),
        }
    }

    /// Makes a batch the one that right rows are taken from.
    pub(super) fn start_batch(&mut self, batch: RecordBatch) {
        if self.left.is_empty() {
            self.batches.clear();
        }
        self.batches.push(batch);
    }

    /// Adds a row of the result: a left row, a row of the current right batch, or both, and
    /// whether it had a match.
    pub(super) fn push(
        &mut self,
        build: &BuildSide,
        left: Option<u32>,
        right: Option<u32>,
        is_matched: bool,
    ) {
        let left = left.map_or(NO_ROW, |row| build.place(row));
        let right = right.map_or(NO_ROW, |row| (self.batches.len() - 1, row as usize));
        self.bytes += self.bytes_of(build, left, right);
        self.left.push(left);
        self.right.push(right);
        self.marks.push(is_matched);
    }

    /// Returns whether the waiting rows make a batch.
    pub(super) fn is_full(&self) -> bool {
        self.left.len() >= self.batch_size || self.bytes >= MOST_BYTES
    }

    /// Returns whether the waiting rows should not wait for yet another right batch.
    pub(super) fn is_overdue(&self) -> bool {
        !self.left.is_empty() && self.batches.len() >= MOST_BATCHES
    }

    /// Returns the first of the waiting rows as a batch, if there are any.
    pub(super) fn take(
        &mut self,
        definition: &Definition,
        build: &BuildSide,
    ) -> Result<Option<RecordBatch>> {
        if self.left.is_empty() {
            return Ok(None);
        }
        let (row_count, bytes) = self.first_rows(build);
        let left: Vec<_> = self.left.drain(..row_count).collect();
        let right: Vec<_> = self.right.drain(..row_count).collect();
        self.bytes -= bytes;
        let marks: Vec<_> = self.marks.drain(..row_count).collect();
        let mark = definition.has_mark().then(|| Arc::new(BooleanArray::from(marks)) as ArrayRef);
        let left = Rows { batches: build.batches(), places: &left };
        let right = Rows { batches: &self.batches, places: &right };
        let batch = definition.output.batch_with(left, right, mark.as_ref())?;
        if self.left.is_empty() {
            // Only the current right batch may still be asked for.
            self.batches.drain(..self.batches.len().saturating_sub(1));
        }
        Ok(Some(batch))
    }

    /// Returns how many rows make the next batch, at least one, and their bytes.
    fn first_rows(&self, build: &BuildSide) -> (usize, usize) {
        let most = self.left.len().min(self.batch_size);
        if self.bytes < MOST_BYTES && most == self.left.len() {
            return (most, self.bytes);
        }
        let mut bytes = 0;
        for (count, (left, right)) in self.left.iter().zip(&self.right).enumerate().take(most) {
            if bytes >= MOST_BYTES {
                return (count, bytes);
            }
            bytes += self.bytes_of(build, *left, *right);
        }
        (most, bytes)
    }

    fn bytes_of(&self, build: &BuildSide, left: (usize, usize), right: (usize, usize)) -> usize {
        let left_batch = build.batches().get(left.0);
        let right_batch = self.batches.get(right.0);
        left_batch.map_or(0, |batch| row_bytes(batch, &self.left_columns, left.1))
            + right_batch.map_or(0, |batch| row_bytes(batch, &self.right_columns, right.1))
    }
}
