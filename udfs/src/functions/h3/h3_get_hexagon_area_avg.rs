//! `h3_get_hexagon_area_avg`: the average area of hexagons.

use super::cell::resolution;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_hexagon_area_avg",
    category: Category::H3,
    summary: "Returns the average area of the hexagons of a resolution.",
    notes: "Units are `km^2`, `m^2` and `rads^2`; null for others. Without a unit, square \
            kilometres.",
    example: "SELECT h3_get_hexagon_area_avg(9, 'm^2')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::integer("resolution", "The resolution, 0 to 15."),
            Argument::text("unit", "`km^2`, `m^2` or `rads^2`.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let resolutions = arguments.integer(0)?;
            if arguments.len() == 1 {
                return resolutions.map_f64(|resolution| area(resolution, "km^2"));
            }
            (resolutions, arguments.text(1)?).map_f64(|(resolution, unit)| area(resolution, unit))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn area(number: i64, unit: &str) -> Option<f64> {
    let resolution = resolution(number)?;
    match unit {
        "km^2" => Some(resolution.area_km2()),
        "m^2" => Some(resolution.area_m2()),
        "rads^2" => Some(resolution.area_rads2()),
        _ => None,
    }
}
