//! `h3_cell_area`: the area of a cell.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

/// The mean radius of the earth in kilometres, as the H3 library has it.
const EARTH_RADIUS: f64 = 6_371.007_180_918_475;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_area",
    category: Category::H3,
    summary: "Returns the exact area of a cell.",
    notes: "Units are `km^2`, `m^2` and `rads^2`; null for others. Without a unit, square \
            kilometres.",
    example: "SELECT h3_cell_area('8928308280fffff', 'm^2')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::text("unit", "`km^2`, `m^2` or `rads^2`.").optional(),
            ],
            returns: Type::Float64,
            evaluate: areas,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::text("unit", "`km^2`, `m^2` or `rads^2`.").optional(),
            ],
            returns: Type::Float64,
            evaluate: areas,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn areas(arguments: &Arguments<'_>) -> Evaluated {
    let cells = Indexes::of(arguments, 0)?;
    if arguments.len() == 1 {
        return cells.map_f64(|cell| area(cell, "km^2"));
    }
    (cells, arguments.text(1)?).map_f64(|(cell, unit)| area(cell, unit))
}

/// Returns the area of a cell in a unit.
fn area(cell: Index, unit: &str) -> Option<f64> {
    let corners: Vec<[f64; 2]> =
        cell.cell()?.boundary().iter().map(|at| [at.lng_radians(), at.lat_radians()]).collect();
    let area = area_on_sphere(&corners);
    match unit {
        "km^2" => Some(area * EARTH_RADIUS * EARTH_RADIUS),
        "m^2" => Some(area * EARTH_RADIUS * EARTH_RADIUS * 1e6),
        "rads^2" => Some(area),
        _ => None,
    }
}

/// Returns the area on the unit sphere of a ring of longitudes and latitudes in radians.
///
/// The ring is a fan of triangles around its first corner. Seen from there the others are small
/// differences, so that nothing cancels however small the ring is.
fn area_on_sphere(corners: &[[f64; 2]]) -> f64 {
    let Some(([longitude, latitude], others)) = corners.split_first() else { return 0.0 };
    let seen = others.iter().map(|[x, y]| {
        let (turn, rise) = (x - longitude, y - latitude);
        let bulge = 2.0 * (turn / 2.0).sin().powi(2);
        let east = y.cos() * turn.sin();
        let north = rise.sin() + latitude.sin() * y.cos() * bulge;
        let up = rise.cos() - latitude.cos() * y.cos() * bulge;
        [east, north, up]
    });
    let seen: Vec<[f64; 3]> = seen.collect();
    let triangles = seen.windows(2).map(|pair| {
        let [b, c] = pair else { return 0.0 };
        let volume = b[0] * c[1] - b[1] * c[0];
        let cosines = 1.0 + b[2] + c[2] + b[0] * c[0] + b[1] * c[1] + b[2] * c[2];
        2.0 * volume.atan2(cosines)
    });
    triangles.sum::<f64>().abs()
}
