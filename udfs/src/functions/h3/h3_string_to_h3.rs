//! `h3_string_to_h3`: a cell read from hexadecimal digits.

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
        evaluate: |arguments| {
            arguments.text(0)?.map_i64(|text| {
                let number = u64::from_str_radix(text.trim(), 16).ok()?;
                Some(number.cast_signed())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
