//! `h3_coverage_strings`: the cells that cover a geometry, in hexadecimal digits.

use super::h3_coverage::{ARGUMENTS, covered};
use super::h3_latlng_to_cell::check_degrees;
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_coverage_strings",
    aliases: &[
        "h3_coverash3string",
        "h3_try_coverash3string",
        "h3_coverage_string",
        "h3_try_coverage_strings",
    ],
    category: Category::H3,
    summary: "Returns the cells that share a position with a geometry, in hexadecimal digits.",
    notes: "Takes points, lines and polygons. Edges are straight in longitude and latitude. A \
            resolution that is not 0 to 15 gives null, and more than ten million cells are \
            refused.",
    example: "SELECT h3_coverage_strings('LINESTRING(24 59, 25 60)', 4)",
    parity: Parity::Extension(
        "Snowflake has the function; Databricks has it as h3_coverash3string.",
    ),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::TextList,
        check: check_degrees,
        evaluate: covered,
        ..Overload::BASE
    }],
    ..Function::BASE
};
