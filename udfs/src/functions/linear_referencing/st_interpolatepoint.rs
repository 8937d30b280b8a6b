//! `ST_InterpolatePoint`: the measure of a line closest to a point.

use godwit_geometry::{Geometry, GeometryError, linear};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_InterpolatePoint",
    category: Category::LinearReferencing,
    summary: "Returns the measure of a line where it is closest to a point.",
    notes: "The closest position is found in the plane. Empty geometries and lines without \
            measures are refused.",
    example: "SELECT ST_InterpolatePoint('LINESTRING M (0 0 0, 10 0 20)', ST_Point(5, 5))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line with measures."),
            Argument::geometry("point", "The point."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_f64(|(line, point)| measure_at(line, point))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn measure_at(line: Geometry<'_>, point: Geometry<'_>) -> Result<f64, GeometryError> {
    let vertices = expect::line(FUNCTION.title, line)?;
    let point = expect::point(FUNCTION.title, point)?;
    if !line.dimension().has_m() {
        return Err(refusal("ST_InterpolatePoint takes a line with measures"));
    }
    let located = point.and_then(|point| linear::locate_point(vertices, point));
    let located = located.ok_or_else(|| refusal("ST_InterpolatePoint takes no empty geometry"))?;
    Ok(located.coord.m)
}
