//! `h3_latlng_to_cell_string`: the cell of a position in hexadecimal digits.

use super::h3_latlng_to_cell::{
    POINT, POSITION, cells_of_points, cells_of_positions, check_degrees,
};
use crate::function::{Category, Function, Overload, Parity, Type};

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
            arguments: POSITION,
            returns: Type::Text,
            evaluate: cells_of_positions,
            ..Overload::BASE
        },
        Overload {
            arguments: POINT,
            returns: Type::Text,
            check: check_degrees,
            evaluate: cells_of_points,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
