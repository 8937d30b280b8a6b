//! `ST_MMax`: the largest measure of a geometry.

use super::extreme;
use crate::function::{Function, Kinds};

pub(super) static FUNCTION: Function = Function {
    title: "ST_MMax",
    summary: "Returns the largest measure of a geometry; null when it has none.",
    example: "SELECT ST_MMax('LINESTRING M (1 2 3, 4 5 6)')",
    parity: extreme::PARITY,
    kinds: Kinds::All,
    overloads: &[extreme::overload(|arguments| extreme::measure(arguments, f64::max))],
    ..Function::BASE
};
