//! `h3_validate`: a value that must be a cell.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_validate",
    category: Category::H3,
    summary: "Returns a value that is a cell, and refuses any other.",
    notes: "h3_try_validate gives null instead.",
    example: "SELECT h3_validate('8928308280fffff')",
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
    Indexes::of(arguments, 0)?.map_index(arguments.result, |value| checked(value).map(Some))
}

fn checked(value: Index) -> Result<CellIndex, GeometryError> {
    value.cell().ok_or_else(|| GeometryError::InvalidArgument {
        reason: "h3_validate: the value is not a cell".to_owned(),
    })
}
