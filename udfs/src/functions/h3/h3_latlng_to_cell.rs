//! `h3_latlng_to_cell`: the cell of a position.

use godwit_geometry::{Crs, Geometry, GeometryError, Kind};
use h3o::{CellIndex, LatLng};

use super::cell::{IndexRows as _, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::plan::Planned;

pub(super) static FUNCTION: Function = Function {
    title: "h3_latlng_to_cell",
    aliases: &["h3_point_to_cell", "h3_pointash3"],
    category: Category::H3,
    summary: "Returns the cell of a position at a resolution.",
    notes: "Numbers come latitude first, as in the H3 library; h3_longlatash3 takes the \
            longitude first. A point must be in longitude and latitude. A resolution that is not \
            0 to 15 gives null.",
    example: "SELECT h3_latlng_to_cell(59.44, 24.75, 7)",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: POSITION,
            returns: Type::Int64,
            evaluate: cells_of_positions,
            ..Overload::BASE
        },
        Overload {
            arguments: POINT,
            returns: Type::Int64,
            check: check_degrees,
            evaluate: cells_of_points,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Latitude, longitude and resolution.
pub(super) const POSITION: &[Argument] = &[
    Argument::float("lat", "The latitude in degrees."),
    Argument::float("lng", "The longitude in degrees."),
    Argument::integer("resolution", "The resolution, 0 to 15."),
];

/// A point and a resolution.
pub(super) const POINT: &[Argument] = &[
    Argument::geometry("point", "The point, in longitude and latitude."),
    Argument::integer("resolution", "The resolution, 0 to 15."),
];

/// Returns the cells of latitudes and longitudes, in the form of the result.
pub(super) fn cells_of_positions(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.float(0)?, arguments.float(1)?, arguments.integer(2)?)
        .map_index(arguments.result, |(lat, lng, number)| Ok(cell_at(lat, lng, number)))
}

/// Returns the cells of points, in the form of the result.
pub(super) fn cells_of_points(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.geometry(0)?, arguments.integer(1)?)
        .map_index(arguments.result, |(point, number)| cell_of(point, number))
}

/// Returns the cell of a latitude and a longitude.
pub(super) fn cell_at(lat: f64, lng: f64, number: i64) -> Option<CellIndex> {
    Some(LatLng::new(lat, lng).ok()?.to_cell(resolution(number)?))
}

/// Returns the cell of a point, unless it is empty.
fn cell_of(point: Geometry<'_>, number: i64) -> Result<Option<CellIndex>, GeometryError> {
    if point.kind() != Kind::Point {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a cell is found for a point, not for {}", point.kind().wkt_name()),
        });
    }
    Ok(point.point().and_then(|coord| cell_at(coord.y, coord.x, number)))
}

/// Refuses a geometry that is known not to be in longitude and latitude.
pub(super) fn check_degrees(planned: &Planned<'_>) -> Result<(), GeometryError> {
    match planned.crs(0)? {
        Some(crs) if !crs.is_geographic() => {
            Err(GeometryError::CrsMismatch { left: crs.name(), right: Crs::wgs84().name() })
        }
        _ => Ok(()),
    }
}
