//! `h3_get_pentagons_string`: the pentagons of a resolution in hexadecimal digits.

use super::cell::texts;
use super::h3_get_pentagons::pentagons;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_pentagons_string",
    category: Category::H3,
    summary: "Returns the twelve pentagons of a resolution in hexadecimal digits.",
    example: "SELECT h3_get_pentagons_string(5)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[Overload {
        arguments: &[Argument::integer("resolution", "The resolution, 0 to 15.")],
        returns: Type::TextList,
        evaluate: |arguments| {
            arguments
                .integer(0)?
                .map_text_list(|resolution| pentagons(resolution).as_deref().map(texts))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
