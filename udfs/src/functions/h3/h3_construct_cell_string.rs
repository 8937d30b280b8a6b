//! `h3_construct_cell_string`: a cell of its base cell and digits, in hexadecimal digits.

use super::cell::text;
use super::h3_construct_cell::construct;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_construct_cell_string",
    category: Category::H3,
    summary: "Returns the cell that a base cell and digits name, in hexadecimal digits.",
    notes: "There is one digit for each resolution from 1 on; a resolution given as well takes \
            that many of them. Null when there is no such cell.",
    example: "SELECT h3_construct_cell_string(20, [0, 4, 2])",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::integer("base_cell", "The number of the base cell, 0 to 121."),
            Argument::new("digits", Type::Int64List, "The digits, 0 to 6."),
            Argument::integer("resolution", "The resolution.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let (bases, digits) = (arguments.integer(0)?, arguments.list(1)?);
            if arguments.len() == 2 {
                return (bases, digits)
                    .map_text(|(base, digits)| construct(base, &digits, None).map(text));
            }
            (bases, digits, arguments.integer(2)?)
                .map_text(|(base, digits, number)| construct(base, &digits, Some(number)).map(text))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
