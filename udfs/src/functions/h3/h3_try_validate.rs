//! `h3_try_validate`: a value if it is a cell.

use super::cell::{Cell as _, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_try_validate",
    category: Category::H3,
    summary: "Returns a value that is a cell, and null for any other.",
    notes: "h3_validate refuses what is not a cell.",
    example: "SELECT h3_try_validate('8928308280fffff')",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The value.")],
            returns: Type::Int64,
            evaluate: cells,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The value in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: cells,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn cells(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?.map_index(arguments.result, |value| Ok(value.cell()))
}
