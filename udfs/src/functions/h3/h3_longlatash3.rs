//! `h3_longlatash3`: the cell of a position, longitude first.

use super::cell::integer;
use super::h3_latlng_to_cell::cell_at;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_longlatash3",
    category: Category::H3,
    summary: "Returns the cell of a longitude and a latitude at a resolution.",
    notes: "The longitude comes first; h3_latlng_to_cell takes the latitude first.",
    example: "SELECT h3_longlatash3(24.75, 59.44, 7)",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::float("lng", "The longitude in degrees."),
            Argument::float("lat", "The latitude in degrees."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
        ],
        returns: Type::Int64,
        evaluate: |arguments| {
            (arguments.float(0)?, arguments.float(1)?, arguments.integer(2)?)
                .map_i64(|(lng, lat, number)| cell_at(lat, lng, number).map(integer))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
