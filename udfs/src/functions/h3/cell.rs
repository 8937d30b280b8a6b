//! Cells of the H3 grid as SQL has them: a 64-bit integer or a hexadecimal text.
//!
//! A function answers in the form it was asked in, and with null for what is not a cell. Directed
//! edges and vertices have the same forms.

use arrow::array::{ArrayRef, AsArray as _};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use godwit_geometry::GeometryError;
use h3o::{CellIndex, DirectedEdgeIndex, Resolution, VertexIndex};

use crate::function::Argument;

/// The most cells that one call may list.
const MOST_CELLS: u64 = 10_000_000;

/// A value that may name a cell, a directed edge or a vertex.
pub(super) trait Cell: Sized {
    /// Returns the 64 bits of the value, if it is a number.
    fn bits(self) -> Option<u64>;

    /// Returns the cell, if the value names one.
    fn cell(self) -> Option<CellIndex> {
        CellIndex::try_from(self.bits()?).ok()
    }

    /// Returns the directed edge, if the value names one.
    fn edge(self) -> Option<DirectedEdgeIndex> {
        DirectedEdgeIndex::try_from(self.bits()?).ok()
    }

    /// Returns the vertex, if the value names one.
    fn vertex(self) -> Option<VertexIndex> {
        VertexIndex::try_from(self.bits()?).ok()
    }
}

impl Cell for i64 {
    fn bits(self) -> Option<u64> {
        Some(self.cast_unsigned())
    }
}

impl Cell for &str {
    fn bits(self) -> Option<u64> {
        u64::from_str_radix(self.trim(), 16).ok()
    }
}

/// Returns the cells of one list, unless one of its values is none; nulls are left out.
pub(super) fn cells_of(list: &ArrayRef) -> Option<Vec<CellIndex>> {
    if let Some(numbers) = list.as_primitive_opt::<Int64Type>() {
        return numbers.iter().flatten().map(Cell::cell).collect();
    }
    let texts = cast(list, &DataType::Utf8).ok()?;
    texts.as_string_opt::<i32>()?.iter().flatten().map(Cell::cell).collect()
}

/// Returns a cell, a directed edge or a vertex as an integer.
pub(super) fn integer(index: impl Into<u64>) -> i64 {
    index.into().cast_signed()
}

/// Returns cells, directed edges or vertices as integers.
pub(super) fn integers<I: Into<u64> + Copy>(indexes: &[I]) -> Vec<i64> {
    indexes.iter().copied().map(integer).collect()
}

/// Returns a cell, a directed edge or a vertex as hexadecimal text.
pub(super) fn text(index: impl Into<u64>) -> String {
    format!("{:x}", index.into())
}

/// Returns cells, directed edges or vertices as hexadecimal texts.
pub(super) fn texts<I: Into<u64> + Copy>(indexes: &[I]) -> Vec<String> {
    indexes.iter().copied().map(text).collect()
}

/// Returns a number of steps, if the number is one.
pub(super) fn steps(number: i64) -> Option<u32> {
    u32::try_from(number).ok()
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

/// The arguments of what walks a number of steps from a cell.
pub(super) const CELL_AND_STEPS: &[Argument] =
    &[Argument::integer("cell", "The cell."), Argument::integer("k", "The number of steps.")];

/// The same for a cell as text.
pub(super) const TEXT_AND_STEPS: &[Argument] = &[
    Argument::text("cell", "The cell in hexadecimal digits."),
    Argument::integer("k", "The number of steps."),
];
