//! `h3_get_hexagon_edge_length_avg`: the average length of the sides of hexagons.

use super::cell::resolution;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_hexagon_edge_length_avg",
    category: Category::H3,
    summary: "Returns the average length of the sides of the hexagons of a resolution.",
    notes: "Units are `km`, `m` and `rads`; null for others. Without a unit, kilometres.",
    example: "SELECT h3_get_hexagon_edge_length_avg(9, 'm')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::integer("resolution", "The resolution, 0 to 15."),
            Argument::text("unit", "`km`, `m` or `rads`.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let resolutions = arguments.integer(0)?;
            if arguments.len() == 1 {
                return resolutions.map_f64(|resolution| length(resolution, "km"));
            }
            (resolutions, arguments.text(1)?).map_f64(|(resolution, unit)| length(resolution, unit))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn length(number: i64, unit: &str) -> Option<f64> {
    let resolution = resolution(number)?;
    match unit {
        "km" => Some(resolution.edge_length_km()),
        "m" => Some(resolution.edge_length_m()),
        "rads" => Some(resolution.edge_length_rads()),
        _ => None,
    }
}
