//! `h3_longlatash3`: the cell of a position, longitude first.

use super::cell::IndexRows as _;
use super::h3_latlng_to_cell::cell_at;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_longlatash3",
    category: Category::H3,
    summary: "Returns the cell of a longitude and a latitude at a resolution.",
    notes: "The longitude comes first; h3_latlng_to_cell takes the latitude first.",
    example: "SELECT h3_longlatash3(24.75, 59.44, 7)",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Int64,
        evaluate: cells,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What the function takes, whatever form it answers in.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::float("lng", "The longitude in degrees."),
    Argument::float("lat", "The latitude in degrees."),
    Argument::integer("resolution", "The resolution, 0 to 15."),
];

/// Returns the cells of positions, in the form of the result.
pub(super) fn cells(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.float(0)?, arguments.float(1)?, arguments.integer(2)?)
        .map_index(arguments.result, |(lng, lat, number)| Ok(cell_at(lat, lng, number)))
}
