//! `h3_latlng_to_cell_string`: the cell of a position in hexadecimal digits.

use super::h3_latlng_to_cell::{cell_at, cell_of, check_degrees};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_latlng_to_cell_string",
    aliases: &["h3_pointash3string", "h3_point_to_cell_string"],
    category: Category::H3,
    summary: "Returns the cell of a position at a resolution, in hexadecimal digits.",
    notes: "Numbers come latitude first. A resolution that is not 0 to 15 gives null.",
    example: "SELECT h3_latlng_to_cell_string(59.44, 24.75, 7)",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[
        Overload {
            arguments: &[
                Argument::float("lat", "The latitude in degrees."),
                Argument::float("lng", "The longitude in degrees."),
                Argument::integer("resolution", "The resolution, 0 to 15."),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                (arguments.float(0)?, arguments.float(1)?, arguments.integer(2)?).map_text(
                    |(lat, lng, number)| cell_at(lat, lng, number).map(|cell| cell.to_string()),
                )
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("point", "The point, in longitude and latitude."),
                Argument::integer("resolution", "The resolution, 0 to 15."),
            ],
            returns: Type::Text,
            check: check_degrees,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.integer(1)?).map_text(|(point, number)| {
                    Ok(cell_of(point, number)?.map(|cell| cell.to_string()))
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
