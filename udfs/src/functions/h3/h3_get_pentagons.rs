//! `h3_get_pentagons`: the pentagons of a resolution.

use super::cell::{IndexRows as _, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_pentagons",
    category: Category::H3,
    summary: "Returns the twelve pentagons of a resolution.",
    example: "SELECT h3_get_pentagons(5)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Int64List,
        evaluate: pentagons,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What the function takes, whatever form it answers in.
pub(super) const ARGUMENTS: &[Argument] =
    &[Argument::integer("resolution", "The resolution, 0 to 15.")];

/// Returns the pentagons of resolutions, in the form of the result.
pub(super) fn pentagons(arguments: &Arguments<'_>) -> Evaluated {
    arguments.integer(0)?.map_indexes(arguments.result, |number| {
        Some(resolution(number)?.pentagons().collect::<Vec<_>>())
    })
}
