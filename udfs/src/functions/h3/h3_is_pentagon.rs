//! `h3_is_pentagon`: whether a cell has five sides.

use h3o::CellIndex;

use super::cell::{Cell as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_is_pentagon",
    aliases: &["h3_ispentagon"],
    category: Category::H3,
    summary: "Returns whether a cell is one of the twelve pentagons of its resolution.",
    example: "SELECT h3_is_pentagon('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Boolean,
            evaluate: pentagons,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Boolean,
            evaluate: pentagons,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn pentagons(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?.map_bool(|cell| cell.cell().map(CellIndex::is_pentagon))
}
