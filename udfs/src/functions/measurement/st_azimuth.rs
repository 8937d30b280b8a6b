//! `ST_Azimuth`: the direction from one point to another.

use godwit_geometry::{Geometry, GeometryError, Kind, measure};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Azimuth",
    category: Category::Measurement,
    summary: "Returns the angle from north to the line between two points, clockwise in radians; \
              null when they are the same.",
    notes: "Other geometries than points, and empty points, are refused.",
    example: "SELECT degrees(ST_Azimuth(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("origin", "The point to stand on."),
            Argument::geometry("target", "The point to look at."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let (origins, targets) = (arguments.geometry(0)?, arguments.geometry(1)?);
            match (origins.constant(), targets.constant()) {
                (None, Some(target)) => origins.map_f64(|origin| azimuth(origin, target)),
                (Some(origin), None) => targets.map_f64(|target| azimuth(origin, target)),
                _ => (origins, targets).map_f64(|(origin, target)| azimuth(origin, target)),
            }
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

#[inline]
fn azimuth(origin: Geometry<'_>, target: Geometry<'_>) -> Result<Option<f64>, GeometryError> {
    if origin.kind() != Kind::Point || target.kind() != Kind::Point {
        return Err(GeometryError::InvalidArgument {
            reason: "ST_Azimuth takes two points".to_owned(),
        });
    }
    let (Some(origin), Some(target)) = (origin.point_xy(), target.point_xy()) else {
        return Err(GeometryError::InvalidArgument {
            reason: "ST_Azimuth takes no empty point".to_owned(),
        });
    };
    Ok(measure::azimuth([origin, target]))
}
