//! What is made of two geometries, rounded to a grid if its size is given.

use godwit_geometry::{Geometry, GeometryError};

use crate::arguments::Arguments;
use crate::function::{Argument, Evaluated, Overload, Type};
use crate::rows::Rows as _;

const PAIR_AND_GRID: &[Argument] = &[
    Argument::geometry("geom1", "The first geometry."),
    Argument::geometry("geom2", "The second geometry."),
    Argument::float("gridsize", "The size of the grid that results are rounded to.").optional(),
];

/// Returns the overload of a function of two geometries and the size of a grid.
pub(super) const fn overload(evaluate: fn(&Arguments<'_>) -> Evaluated) -> Overload {
    Overload { arguments: PAIR_AND_GRID, returns: Type::Geometry, evaluate, ..Overload::BASE }
}

/// Returns what is made of the geometries of the first two arguments.
pub(super) fn geometries(
    arguments: &Arguments<'_>,
    exact: impl Fn(Geometry<'_>, Geometry<'_>) -> Result<Vec<u8>, GeometryError>,
    on_grid: impl Fn(Geometry<'_>, Geometry<'_>, f64) -> Result<Vec<u8>, GeometryError>,
) -> Evaluated {
    let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
    if arguments.len() == 2 {
        return geometries.map_bytes(|(a, b)| exact(a, b));
    }
    (geometries, arguments.float(2)?).map_bytes(|((a, b), grid_size)| on_grid(a, b, grid_size))
}
