//! Cells of the H3 grid as SQL has them: a 64-bit integer or a hexadecimal text.
//!
//! A function answers in the form it was asked in, and with null for what is not a cell. Directed
//! edges and vertices have the same forms.

use arrow::array::{Array, ArrayRef, AsArray as _, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int64Type};
use godwit_geometry::GeometryError;
use godwit_geometry::interrupt::Steps;
use h3o::{CellIndex, DirectedEdgeIndex, Resolution, VertexIndex};

use crate::arguments::{Arguments, is_text};
use crate::column::Values;
use crate::function::{Argument, Evaluated};
use crate::outcome::Outcome;
use crate::rows::Rows;

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
        let text = self.trim();
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
        u64::from_str_radix(digits, 16).ok()
    }
}

/// What an argument of either form holds in one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Index(Option<u64>);

impl Cell for Index {
    fn bits(self) -> Option<u64> {
        self.0
    }
}

/// Cells, directed edges or vertices of an argument in either form.
#[derive(Debug)]
pub(super) enum Indexes<'a> {
    /// As integers.
    Numbers(Values<'a, Int64Array>),
    /// In hexadecimal digits.
    Texts(Values<'a, dyn Array>),
}

impl<'a> Indexes<'a> {
    /// Returns those of an argument.
    pub(super) fn of(arguments: &Arguments<'a>, index: usize) -> Result<Self, GeometryError> {
        if is_text(arguments.array(index)?.data_type()) {
            return arguments.text(index).map(Self::Texts);
        }
        arguments.integer(index).map(Self::Numbers)
    }
}

impl Rows for Indexes<'_> {
    type Item = Index;

    fn row_count(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.row_count(),
            Self::Texts(texts) => texts.row_count(),
        }
    }

    fn get(&self, row: usize) -> Result<Option<Index>, GeometryError> {
        Ok(match self {
            Self::Numbers(numbers) => numbers.get(row)?.map(|number| Index(number.bits())),
            Self::Texts(texts) => texts.get(row)?.map(|text| Index(text.bits())),
        })
    }
}

/// Answers in the form that was planned for the result.
pub(super) trait IndexRows: Rows {
    /// Returns a column of cells, directed edges or vertices.
    fn map_index<I: Into<u64>>(
        &self,
        result: &Field,
        function: impl Fn(Self::Item) -> Result<Option<I>, GeometryError>,
    ) -> Evaluated {
        if is_text(result.data_type()) {
            return self.map_text(|item| Ok(function(item)?.map(text)));
        }
        self.map_i64(|item| Ok(function(item)?.map(integer)))
    }

    /// Returns a column of lists of cells, directed edges or vertices.
    fn map_indexes<I: Into<u64> + Copy, O: Outcome<Vec<I>>>(
        &self,
        result: &Field,
        function: impl Fn(Self::Item) -> O,
    ) -> Evaluated {
        let is_text =
            matches!(result.data_type(), DataType::List(item) if is_text(item.data_type()));
        if is_text {
            return self
                .map_text_list(|item| Ok(function(item).into_outcome()?.as_deref().map(texts)));
        }
        self.map_i64_list(|item| Ok(function(item).into_outcome()?.as_deref().map(integers)))
    }
}

impl<R: Rows> IndexRows for R {}

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
fn texts<I: Into<u64> + Copy>(indexes: &[I]) -> Vec<String> {
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

/// Lists cells as they are found: no more than fit into one value, and only while somebody waits.
pub(super) fn listed<I>(cells: impl IntoIterator<Item = I>) -> Result<Vec<I>, GeometryError> {
    let (mut list, mut steps) = (Vec::new(), Steps::default());
    for (count, cell) in (1..).zip(cells) {
        check_count(count)?;
        steps.step()?;
        list.push(cell);
    }
    Ok(list)
}

/// The arguments of what walks a number of steps from a cell.
pub(super) const CELL_AND_STEPS: &[Argument] =
    &[Argument::integer("cell", "The cell."), Argument::integer("k", "The number of steps.")];

/// The same for a cell as text.
pub(super) const TEXT_AND_STEPS: &[Argument] = &[
    Argument::text("cell", "The cell in hexadecimal digits."),
    Argument::integer("k", "The number of steps."),
];
