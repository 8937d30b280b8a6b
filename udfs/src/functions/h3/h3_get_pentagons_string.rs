//! `h3_get_pentagons_string`: the pentagons of a resolution in hexadecimal digits.

use super::h3_get_pentagons::{ARGUMENTS, pentagons};
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_pentagons_string",
    category: Category::H3,
    summary: "Returns the twelve pentagons of a resolution in hexadecimal digits.",
    example: "SELECT h3_get_pentagons_string(5)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::TextList,
        evaluate: pentagons,
        ..Overload::BASE
    }],
    ..Function::BASE
};
