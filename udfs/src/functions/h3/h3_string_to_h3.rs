//! `h3_string_to_h3`: a cell read from hexadecimal digits.

use super::cell::Cell as _;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_string_to_h3",
    aliases: &["h3_stringtoh3", "h3_string_to_int"],
    category: Category::H3,
    summary: "Returns the integer that hexadecimal digits spell; null when they are none.",
    notes: "Whether it is a cell is not checked; h3_is_valid_cell does that.",
    example: "SELECT h3_string_to_h3('8928308280fffff')",
    parity: Parity::Extension("DuckDB, Databricks and Snowflake have the function."),
    overloads: &[Overload {
        arguments: &[Argument::text("text", "The hexadecimal digits.")],
        returns: Type::Int64,
        evaluate: |arguments| arguments.text(0)?.map_i64(|text| text.bits().map(u64::cast_signed)),
        ..Overload::BASE
    }],
    ..Function::BASE
};
