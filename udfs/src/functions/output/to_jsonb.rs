//! `TO_JSONB`: a value of any type written as JSON of one spelling.

use super::to_json::values;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::json::to_binary;

pub(super) static FUNCTION: Function = Function {
    title: "TO_JSONB",
    category: Category::Output,
    summary: "Returns a value as JSON whose members are sorted by the length of their names.",
    notes: "It is TO_JSON with each member once, numbers without exponents, and a space behind \
            colons and commas, which is how PostgreSQL shows its binary JSON.",
    example: "SELECT TO_JSONB(named_struct('id', 7, 'at', ST_Point(1, 2)))",
    overloads: &[Overload {
        arguments: &[Argument::new("value", Type::Any, "The value.")],
        returns: Type::Json,
        evaluate: |arguments| values(arguments, |json| to_binary(&json)),
        ..Overload::BASE
    }],
    parity: Parity::Differs(
        "PostGIS names EPSG:4326 as well, and writes a geography as hexadecimal digits.",
    ),
    ..Function::BASE
};
