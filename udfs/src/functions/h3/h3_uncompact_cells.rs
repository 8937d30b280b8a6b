//! `h3_uncompact_cells`: cells divided into smaller ones.

use arrow::array::ArrayRef;
use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{IndexRows as _, cells_of, check_count, listed, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_uncompact_cells",
    aliases: &["h3_uncompact", "h3_uncompact_cells_strings"],
    category: Category::H3,
    summary: "Returns the cells of a resolution that cover the same area as coarser cells.",
    notes: "Null when one of them is not a cell or is finer than the resolution. More than ten \
            million cells are refused.",
    example: "SELECT h3_uncompact_cells(['8928308280fffff'], 10)",
    parity: Parity::Extension(
        "The H3 library and its extensions have the function; Databricks has it as h3_uncompact.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::new("cells", Type::Int64List, "The cells."),
                Argument::integer("resolution", "The resolution."),
            ],
            returns: Type::Int64List,
            evaluate: all_uncompacted,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::new("cells", Type::TextList, "The cells in hexadecimal digits."),
                Argument::integer("resolution", "The resolution."),
            ],
            returns: Type::TextList,
            evaluate: all_uncompacted,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn all_uncompacted(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.list(0)?, arguments.integer(1)?)
        .map_indexes(arguments.result, |(cells, number)| uncompacted(&cells, number))
}

fn uncompacted(list: &ArrayRef, number: i64) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let (Some(cells), Some(resolution)) = (cells_of(list), resolution(number)) else {
        return Ok(None);
    };
    if cells.iter().any(|cell| cell.resolution() > resolution) {
        return Ok(None);
    }
    check_count(CellIndex::uncompact_size(cells.iter().copied(), resolution))?;
    listed(CellIndex::uncompact(cells, resolution)).map(Some)
}
