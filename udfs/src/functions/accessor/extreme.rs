//! The largest and the smallest height or measure of a geometry.

use godwit_geometry::{Coord, Geometry};

use crate::arguments::Arguments;
use crate::function::{Argument, Evaluated, Overload, Parity, Type};
use crate::rows::Rows as _;

/// What these functions do for a geometry without the dimension that they are about.
pub(super) const PARITY: Parity =
    Parity::Differs("PostGIS returns 0 for a geometry without that dimension.");

const GEOMETRY: &[Argument] = &[Argument::geometry("geom", "The geometry.")];

/// Returns the overload of a function of a geometry.
pub(super) const fn overload(evaluate: fn(&Arguments<'_>) -> Evaluated) -> Overload {
    Overload { arguments: GEOMETRY, returns: Type::Float64, evaluate, ..Overload::BASE }
}

/// Returns of each geometry the height that is chosen of two, and so of all.
pub(super) fn height(arguments: &Arguments<'_>, choose: impl Fn(f64, f64) -> f64) -> Evaluated {
    arguments.geometry(0)?.map_f64(|geometry| {
        let has_heights = geometry.dimension().has_z();
        has_heights.then(|| chosen(geometry, |coord| coord.z, &choose)).flatten()
    })
}

/// Returns of each geometry the measure that is chosen of two, and so of all.
pub(super) fn measure(arguments: &Arguments<'_>, choose: impl Fn(f64, f64) -> f64) -> Evaluated {
    arguments.geometry(0)?.map_f64(|geometry| {
        let has_measures = geometry.dimension().has_m();
        has_measures.then(|| chosen(geometry, |coord| coord.m, &choose)).flatten()
    })
}

fn chosen(
    geometry: Geometry<'_>,
    ordinate: impl Fn(Coord) -> f64,
    choose: impl Fn(f64, f64) -> f64,
) -> Option<f64> {
    let mut result: Option<f64> = None;
    geometry.coords(|coord| {
        let value = ordinate(coord);
        result = Some(result.map_or(value, |known| choose(known, value)));
    });
    result
}
