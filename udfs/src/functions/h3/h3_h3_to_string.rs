//! `h3_h3_to_string`: a cell in hexadecimal digits.

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_h3_to_string",
    aliases: &["h3_cell_to_string", "h3_h3tostring", "h3_int_to_string"],
    category: Category::H3,
    summary: "Returns the hexadecimal digits of a cell.",
    notes: "Any integer is written, whether it is a cell or not.",
    example: "SELECT h3_h3_to_string(617700169958293503)",
    parity: Parity::Extension("DuckDB, Databricks and Snowflake have the function."),
    overloads: &[Overload {
        arguments: &[Argument::integer("cell", "The cell.")],
        returns: Type::Text,
        evaluate: |arguments| {
            arguments.integer(0)?.map_text(|cell| format!("{:x}", cell.cast_unsigned()))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
