//! `h3_longlatash3string`: the cell of a position, longitude first, in hexadecimal digits.

use super::cell::text;
use super::h3_latlng_to_cell::cell_at;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_longlatash3string",
    category: Category::H3,
    summary: "Returns the cell of a longitude and a latitude at a resolution, in \
              hexadecimal digits.",
    notes: "The longitude comes first; h3_latlng_to_cell_string takes the latitude first.",
    example: "SELECT h3_longlatash3string(24.75, 59.44, 7)",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::float("lng", "The longitude in degrees."),
            Argument::float("lat", "The latitude in degrees."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            (arguments.float(0)?, arguments.float(1)?, arguments.integer(2)?)
                .map_text(|(lng, lat, number)| cell_at(lat, lng, number).map(text))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
