//! `ST_Scroll`: a closed line that starts at another vertex.

use godwit_geometry::{Geometry, GeometryError, edit};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Scroll",
    category: Category::Processing,
    summary: "Returns a closed line that starts and ends at another of its vertices.",
    notes: "A line that is not closed, and a point that is none of its vertices, are refused.",
    example: "SELECT ST_AsText(ST_Scroll('LINESTRING(0 0, 4 0, 2 3, 0 0)', ST_Point(2, 3)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The closed line."),
            Argument::geometry("point", "The vertex to start at."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(line, point)| scroll(line, point))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn scroll(line: Geometry<'_>, point: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let line = expect::line(FUNCTION.title, line)?;
    let point = expect::point(FUNCTION.title, point)?;
    let last = line.len().saturating_sub(1);
    if line.is_empty() || line.xy(0) != line.xy(last) {
        return Err(refusal("ST_Scroll takes a closed line"));
    }
    point
        .and_then(|point| edit::scroll(line, point))
        .ok_or_else(|| refusal("ST_Scroll: the point is no vertex of the line"))
}
