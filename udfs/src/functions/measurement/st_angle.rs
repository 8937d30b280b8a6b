//! `ST_Angle`: by how much one direction is turned from another.

use godwit_geometry::{Geometry, GeometryError, Kind, measure};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Angle",
    category: Category::Measurement,
    summary: "Returns the clockwise angle in radians between two lines, from three points at the \
            middle one, or between two pairs of points.",
    notes: "Of lines, the first and last point count. The result is null when two points of a \
            direction are the same. Other geometries than points, and empty ones, are refused, \
            except that the fourth point may be empty.",
    example: "SELECT degrees(ST_Angle(ST_Point(0, 1), ST_Point(0, 0), ST_Point(1, 0)))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("point1", "The first point."),
                Argument::geometry("point2", "The second point."),
                Argument::geometry("point3", "The third point."),
                Argument::geometry("point4", "The fourth point.").optional(),
            ],
            returns: Type::Float64,
            evaluate: |arguments| {
                let points =
                    (arguments.geometry(0)?, arguments.geometry(1)?, arguments.geometry(2)?);
                if arguments.len() == 3 {
                    return points.map_f64(|(a, b, c)| of_points([a, b, c], None));
                }
                (points, arguments.geometry(3)?)
                    .map_f64(|((a, b, c), d)| of_points([a, b, c], Some(d)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("line1", "The first line."),
                Argument::geometry("line2", "The second line."),
            ],
            returns: Type::Float64,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?).map_f64(|(a, b)| of_lines(a, b))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the angle at the middle of three points, or between the directions of two pairs.
fn of_points(
    points: [Geometry<'_>; 3],
    fourth: Option<Geometry<'_>>,
) -> Result<Option<f64>, GeometryError> {
    let [a, b, c] = [position(points[0])?, position(points[1])?, position(points[2])?];
    match fourth.filter(|fourth| !fourth.is_empty()) {
        Some(d) => Ok(measure::angle([a, b], [c, position(d)?])),
        None => Ok(measure::angle([a, b], [c, b])),
    }
}

fn of_lines(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    measure::angle(ends(a)?, ends(b)?)
}

fn position(geometry: Geometry<'_>) -> Result<[f64; 2], GeometryError> {
    let refuse = |reason: &str| GeometryError::InvalidArgument { reason: reason.to_owned() };
    if geometry.is_empty() {
        return Err(refuse("ST_Angle takes no empty geometry"));
    }
    let at = geometry.point_xy().filter(|_| geometry.kind() == Kind::Point);
    at.ok_or_else(|| refuse("ST_Angle takes two lines, three points or four points"))
}

/// Returns the first and the last position of a line; nothing for other kinds, as in `PostGIS`.
fn ends(geometry: Geometry<'_>) -> Option<[[f64; 2]; 2]> {
    let line = geometry.line()?;
    let (first, last) = (line.first()?, line.last()?);
    Some([[first.x, first.y], [last.x, last.y]])
}
