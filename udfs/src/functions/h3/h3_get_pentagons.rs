//! `h3_get_pentagons`: the pentagons of a resolution.

use h3o::CellIndex;

use super::cell::{integers, resolution};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_pentagons",
    category: Category::H3,
    summary: "Returns the twelve pentagons of a resolution.",
    example: "SELECT h3_get_pentagons(5)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        arguments: &[Argument::integer("resolution", "The resolution, 0 to 15.")],
        returns: Type::Int64List,
        evaluate: |arguments| {
            arguments
                .integer(0)?
                .map_i64_list(|resolution| pentagons(resolution).as_deref().map(integers))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// Returns the pentagons of a resolution.
pub(super) fn pentagons(number: i64) -> Option<Vec<CellIndex>> {
    Some(resolution(number)?.pentagons().collect())
}
