//! What becomes of the rows that a join finds.

use arrow::array::RecordBatch;
use datafusion::common::Result;

use super::build::BuildSide;
use super::definition::Definition;
use super::grouped::Groups;
use super::pending::Pending;

/// What becomes of the rows that a join finds.
pub(super) enum Output {
    /// They are put together.
    Rows(Pending),
    /// They are aggregated by their left rows.
    Groups(Box<Groups>),
}

impl Output {
    /// Makes a batch the one that right rows are of.
    pub(super) fn start_batch(&mut self, build: &BuildSide, batch: RecordBatch) -> Result<()> {
        match self {
            Self::Rows(rows) => {
                rows.start_batch(batch);
                Ok(())
            }
            Self::Groups(groups) => groups.start_batch(build, batch),
        }
    }

    /// Adds a row of the result: a left row, a row of the current right batch, or both, and
    /// whether it had a match.
    pub(super) fn push(
        &mut self,
        build: &BuildSide,
        left: Option<u32>,
        right: Option<u32>,
        is_matched: bool,
    ) -> Result<()> {
        match self {
            Self::Rows(rows) => {
                rows.push(build, left, right, is_matched);
                Ok(())
            }
            Self::Groups(groups) => groups.push(build, left, right),
        }
    }

    /// Returns whether there is a batch to be taken before more rows are found.
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Rows(rows) => rows.is_full(),
            Self::Groups(groups) => groups.is_full(),
        }
    }

    /// Returns whether what waits should not wait for yet another right batch.
    pub(super) fn is_overdue(&self) -> bool {
        match self {
            Self::Rows(rows) => rows.is_overdue(),
            Self::Groups(_) => false,
        }
    }

    /// Returns a batch of what waits, if anything does.
    pub(super) fn take(
        &mut self,
        definition: &Definition,
        build: &BuildSide,
    ) -> Result<Option<RecordBatch>> {
        match self {
            Self::Rows(rows) => rows.take(definition, build),
            Self::Groups(groups) => groups.take(build),
        }
    }
}
