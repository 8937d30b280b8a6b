//! `ST_SetPoint`: a line with a vertex replaced.

use godwit_geometry::{Geometry, GeometryError, edit};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SetPoint",
    category: Category::Processing,
    summary: "Returns a line with one of its vertices replaced by a point.",
    notes: "Ordinates that the point lacks become 0. A number that no vertex has is refused.",
    example: "SELECT ST_AsText(ST_SetPoint('LINESTRING(0 0, 1 1, 2 2)', -1, ST_Point(9, 9)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::integer(
                "zerobasedposition",
                "The number of the vertex, from 0, or from -1 at the end.",
            ),
            Argument::geometry("point", "The point."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?, arguments.geometry(2)?)
                .map_bytes(|(line, position, point)| set_point(line, position, point))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn set_point(
    line: Geometry<'_>,
    position: i64,
    point: Geometry<'_>,
) -> Result<Vec<u8>, GeometryError> {
    let line = expect::line(FUNCTION.title, line)?;
    let Some(coord) = expect::point(FUNCTION.title, point)? else {
        return Err(refusal("ST_SetPoint cannot set an empty point"));
    };
    let count = i64::try_from(line.len()).unwrap_or(i64::MAX);
    let index = if position < 0 { position.saturating_add(count) } else { position };
    let index = usize::try_from(index).ok();
    index
        .and_then(|index| edit::set_point(line, index, coord))
        .ok_or_else(|| refusal(format!("ST_SetPoint: the line has no vertex {position}")))
}
