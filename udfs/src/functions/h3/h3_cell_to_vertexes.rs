//! `h3_cell_to_vertexes`: the corners of a cell.

use h3o::VertexIndex;

use super::cell::{Cell, integers, texts};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

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
            evaluate: |arguments| {
                arguments.integer(0)?.map_i64_list(|cell| vertices(cell).as_deref().map(integers))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::TextList,
            evaluate: |arguments| {
                arguments.text(0)?.map_text_list(|cell| vertices(cell).as_deref().map(texts))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn vertices(cell: impl Cell) -> Option<Vec<VertexIndex>> {
    Some(cell.cell()?.vertexes().collect())
}
