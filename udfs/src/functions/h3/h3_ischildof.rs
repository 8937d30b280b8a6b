//! `h3_ischildof`: whether a cell lies in another.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_ischildof",
    category: Category::H3,
    summary: "Returns whether a cell is another or one of the cells that it contains.",
    example: "SELECT h3_ischildof('8928308280fffff', '8728308aaffffff')",
    parity: Parity::Extension(
        "Databricks has the function; the extension for PostgreSQL has the operator `<@`.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The smaller cell."),
                Argument::integer("parent", "The larger cell."),
            ],
            returns: Type::Boolean,
            evaluate: children,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The smaller cell in hexadecimal digits."),
                Argument::text("parent", "The larger cell in hexadecimal digits."),
            ],
            returns: Type::Boolean,
            evaluate: children,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn children(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, Indexes::of(arguments, 1)?)
        .map_bool(|(cell, parent)| is_child(cell, parent))
}

fn is_child(cell: Index, parent: Index) -> Option<bool> {
    let (cell, parent) = (cell.cell()?, parent.cell()?);
    Some(cell.parent(parent.resolution()) == Some(parent))
}
