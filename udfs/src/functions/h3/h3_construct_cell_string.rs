//! `h3_construct_cell_string`: a cell of its base cell and digits, in hexadecimal digits.

use super::h3_construct_cell::{ARGUMENTS, cells};
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_construct_cell_string",
    category: Category::H3,
    summary: "Returns the cell that a base cell and digits name, in hexadecimal digits.",
    notes: "There is one digit for each resolution from 1 on; a resolution given as well takes \
            that many of them. Null when there is no such cell.",
    example: "SELECT h3_construct_cell_string(20, [0, 4, 2])",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Text,
        evaluate: cells,
        ..Overload::BASE
    }],
    ..Function::BASE
};
