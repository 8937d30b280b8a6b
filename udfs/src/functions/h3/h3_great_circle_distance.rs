//! `h3_great_circle_distance`: the distance between two positions on a sphere.

use h3o::LatLng;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_great_circle_distance",
    category: Category::H3,
    summary: "Returns the distance between two positions on the sphere of the H3 grid.",
    notes: "Latitudes come before longitudes. Units are `km`, `m` and `rads`; null for others. \
            Without a unit, kilometres. The sphere has a radius of 6371.007 km.",
    example: "SELECT h3_great_circle_distance(59.44, 24.75, 60.17, 24.94, 'm')",
    parity: Parity::Extension(
        "The extension for DuckDB has the function; that for PostgreSQL takes points.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::float("lat1", "The latitude of the first position."),
            Argument::float("lng1", "The longitude of the first position."),
            Argument::float("lat2", "The latitude of the second position."),
            Argument::float("lng2", "The longitude of the second position."),
            Argument::text("unit", "`km`, `m` or `rads`.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let from = (arguments.float(0)?, arguments.float(1)?);
            let to = (arguments.float(2)?, arguments.float(3)?);
            if arguments.len() == 4 {
                return (from, to).map_f64(|(from, to)| distance(from, to, "km"));
            }
            (from, to, arguments.text(4)?).map_f64(|(from, to, unit)| distance(from, to, unit))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn distance(from: (f64, f64), to: (f64, f64), unit: &str) -> Option<f64> {
    let (from, to) = (LatLng::new(from.0, from.1).ok()?, LatLng::new(to.0, to.1).ok()?);
    match unit {
        "km" => Some(from.distance_km(to)),
        "m" => Some(from.distance_m(to)),
        "rads" => Some(from.distance_rads(to)),
        _ => None,
    }
}
