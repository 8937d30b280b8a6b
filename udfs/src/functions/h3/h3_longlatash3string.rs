//! `h3_longlatash3string`: the cell of a position, longitude first, in hexadecimal digits.

use super::h3_longlatash3::{ARGUMENTS, cells};
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_longlatash3string",
    category: Category::H3,
    summary: "Returns the cell of a longitude and a latitude at a resolution, in \
              hexadecimal digits.",
    notes: "The longitude comes first; h3_latlng_to_cell_string takes the latitude first.",
    example: "SELECT h3_longlatash3string(24.75, 59.44, 7)",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Text,
        evaluate: cells,
        ..Overload::BASE
    }],
    ..Function::BASE
};
