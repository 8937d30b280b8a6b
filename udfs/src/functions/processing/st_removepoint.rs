//! `ST_RemovePoint`: a line with a vertex less.

use godwit_geometry::{Geometry, GeometryError, edit};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RemovePoint",
    category: Category::Processing,
    summary: "Returns a line without one of its vertices.",
    notes: "A line of two vertices keeps both: removing one is refused, and so is a number that no \
            vertex has.",
    example: "SELECT ST_AsText(ST_RemovePoint('LINESTRING(0 0, 1 1, 2 2)', 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::integer("offset", "The number of the vertex, from 0."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?)
                .map_bytes(|(line, offset)| remove_point(line, offset))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn remove_point(line: Geometry<'_>, offset: i64) -> Result<Vec<u8>, GeometryError> {
    let line = expect::line(FUNCTION.title, line)?;
    let index = usize::try_from(offset).ok().filter(|index| *index < line.len());
    let Some(index) = index else {
        return Err(refusal(format!("ST_RemovePoint: the line has no vertex {offset}")));
    };
    if line.len() < 3 {
        return Err(refusal("ST_RemovePoint takes a line of at least three vertices"));
    }
    edit::remove_point(line, index)
        .ok_or_else(|| refusal(format!("ST_RemovePoint: the line has no vertex {offset}")))
}
