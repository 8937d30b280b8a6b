//! `h3_cell_to_vertex`: one corner of a cell.

use h3o::{Vertex, VertexIndex};

use super::cell::{Cell as _, Index, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_vertex",
    category: Category::H3,
    summary: "Returns the vertex at a corner of a cell.",
    notes: "Corners are numbered from 0 to 5, to 4 for a pentagon; null for others.",
    example: "SELECT h3_cell_to_vertex('823d6ffffffffff', 0)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("number", "The number of the corner."),
            ],
            returns: Type::Int64,
            evaluate: vertices,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("number", "The number of the corner."),
            ],
            returns: Type::Text,
            evaluate: vertices,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn vertices(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?)
        .map_index(arguments.result, |(cell, number)| Ok(vertex_of(cell, number)))
}

fn vertex_of(cell: Index, number: i64) -> Option<VertexIndex> {
    cell.cell()?.vertex(Vertex::try_from(u8::try_from(number).ok()?).ok()?)
}
