//! `ST_Project`: a point at a distance and in a direction.

use godwit_geometry::{Geometry, GeometryError, edit, write};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Project",
    category: Category::Processing,
    summary: "Returns the point at a distance from another one in a direction.",
    notes: "The distance is that in the plane. With two points, the direction is that from the \
            first to the second, and the result lies beyond the second. Empty points give null.",
    example: "SELECT ST_AsText(ST_Project(ST_Point(0, 0), 10, 0))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The point to start from."),
                Argument::float("distance", "The distance."),
                Argument::float("azimuth", "The direction in radians, clockwise from north."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.floats::<2>(1)?)
                    .map_bytes(|(point, [distance, azimuth])| project(point, distance, azimuth))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The point to come from."),
                Argument::geometry("geom2", "The point to go on from."),
                Argument::float("distance", "The distance."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?, arguments.float(2)?)
                    .map_bytes(|(from, through, distance)| project_beyond(from, through, distance))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn project(
    point: Geometry<'_>,
    distance: f64,
    azimuth: f64,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let coord = expect::point(FUNCTION.title, point)?;
    Ok(coord.map(|coord| write::point(edit::project(coord, distance, azimuth), point.dimension())))
}

fn project_beyond(
    from: Geometry<'_>,
    through: Geometry<'_>,
    distance: f64,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let start = expect::point(FUNCTION.title, from)?;
    let end = expect::point(FUNCTION.title, through)?;
    Ok(start.zip(end).map(|(start, end)| {
        write::point(edit::project_beyond(start, end, distance), through.dimension())
    }))
}
