//! Cells of the H3 grid as SQL has them: a 64-bit integer or a hexadecimal text.
//!
//! A function answers in the form it was asked in, and with null for what is not a cell.

use godwit_geometry::GeometryError;
use h3o::{CellIndex, Resolution};

/// The most cells that one call may list.
const MOST_CELLS: u64 = 10_000_000;

/// A value that may name a cell.
pub(super) trait Cell {
    /// Returns the cell, if the value names one.
    fn cell(self) -> Option<CellIndex>;
}

impl Cell for i64 {
    fn cell(self) -> Option<CellIndex> {
        CellIndex::try_from(self.cast_unsigned()).ok()
    }
}

impl Cell for &str {
    fn cell(self) -> Option<CellIndex> {
        self.trim().parse().ok()
    }
}

/// Returns the cell as an integer.
pub(super) fn integer(cell: CellIndex) -> i64 {
    u64::from(cell).cast_signed()
}

/// Returns the cells as integers.
pub(super) fn integers(cells: &[CellIndex]) -> Vec<i64> {
    cells.iter().copied().map(integer).collect()
}

/// Returns the cells as hexadecimal texts.
pub(super) fn texts(cells: &[CellIndex]) -> Vec<String> {
    cells.iter().map(CellIndex::to_string).collect()
}

/// Returns a resolution, if the number is one.
pub(super) fn resolution(number: i64) -> Option<Resolution> {
    u8::try_from(number).ok()?.try_into().ok()
}

/// Refuses to list more cells than fit into one value.
pub(super) fn check_count(count: u64) -> Result<(), GeometryError> {
    if count <= MOST_CELLS {
        return Ok(());
    }
    Err(GeometryError::InvalidArgument {
        reason: format!("{count} cells are more than the {MOST_CELLS} that one value may list"),
    })
}
