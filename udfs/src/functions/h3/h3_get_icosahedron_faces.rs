//! `h3_get_icosahedron_faces`: the faces of the icosahedron under a cell.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_icosahedron_faces",
    category: Category::H3,
    summary: "Returns the numbers, 0 to 19, of the faces of the icosahedron that a cell lies on.",
    example: "SELECT h3_get_icosahedron_faces('851c004bfffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Int64List,
            evaluate: |arguments| arguments.integer(0)?.map_i64_list(faces),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Int64List,
            evaluate: |arguments| arguments.text(0)?.map_i64_list(faces),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn faces(cell: impl Cell) -> Option<Vec<i64>> {
    let faces = cell.cell()?.icosahedron_faces();
    Some(faces.iter().map(|face| i64::from(u8::from(face))).collect())
}
