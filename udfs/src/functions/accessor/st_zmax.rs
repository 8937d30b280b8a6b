//! `ST_ZMax`: the largest height of a geometry.

use super::extreme;
use crate::function::{Function, Kinds};

pub(super) static FUNCTION: Function = Function {
    title: "ST_ZMax",
    summary: "Returns the largest height of a geometry; null when it has none.",
    example: "SELECT ST_ZMax('LINESTRING Z (1 2 3, 4 5 6)')",
    parity: extreme::PARITY,
    kinds: Kinds::All,
    overloads: &[extreme::overload(|arguments| extreme::height(arguments, f64::max))],
    ..Function::BASE
};
