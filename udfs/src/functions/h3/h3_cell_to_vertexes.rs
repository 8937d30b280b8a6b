//! `h3_cell_to_vertexes`: the corners of a cell.

use super::cell::{Cell as _, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_vertexes",
    category: Category::H3,
    summary: "Returns the vertices at the corners of a cell.",
    example: "SELECT h3_cell_to_vertexes('823d6ffffffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Int64List,
            evaluate: vertices,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::TextList,
            evaluate: vertices,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn vertices(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?
        .map_indexes(arguments.result, |cell| Some(cell.cell()?.vertexes().collect::<Vec<_>>()))
}
