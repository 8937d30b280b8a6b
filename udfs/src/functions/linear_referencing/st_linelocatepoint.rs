//! `ST_LineLocatePoint`: how far along a line the closest position to a point lies.

use godwit_geometry::{Geometry, GeometryError, linear};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineLocatePoint",
    category: Category::LinearReferencing,
    summary: "Returns the fraction of the length of a line at which it is closest to a point; \
              null when the point is empty.",
    notes: "Distances are those in the plane. Of several closest positions the first counts. An \
            empty line gives 0.",
    example: "SELECT ST_LineLocatePoint('LINESTRING(0 0, 10 0)', ST_Point(4, 3))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::geometry("point", "The point."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_f64(|(line, point)| fraction(line, point))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn fraction(line: Geometry<'_>, point: Geometry<'_>) -> Result<Option<f64>, GeometryError> {
    let line = expect::line(FUNCTION.title, line)?;
    let Some(point) = expect::point(FUNCTION.title, point)? else {
        return Ok(None);
    };
    Ok(Some(linear::locate_point(line, point).map_or(0.0, |located| located.fraction)))
}
