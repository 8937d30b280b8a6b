//! `ST_AddPoint`: a line with a vertex more.

use godwit_geometry::{Geometry, GeometryError, edit};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AddPoint",
    category: Category::Processing,
    summary: "Returns a line with a point added as a vertex.",
    notes: "Ordinates that the point lacks become 0. Other geometries than a line and a point are \
            refused.",
    example: "SELECT ST_AsText(ST_AddPoint('LINESTRING(0 0, 2 2)', ST_Point(1, 1), 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::geometry("point", "The point."),
            Argument::integer(
                "position",
                "The number of the vertex it comes before, from 0; -1 for the end.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            let (line, point) = (arguments.geometry(0)?, arguments.geometry(1)?);
            if arguments.len() == 2 {
                return (line, point).map_bytes(|(line, point)| add_point(line, point, -1));
            }
            (line, point, arguments.integer(2)?)
                .map_bytes(|(line, point, position)| add_point(line, point, position))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn add_point(
    line: Geometry<'_>,
    point: Geometry<'_>,
    position: i64,
) -> Result<Vec<u8>, GeometryError> {
    let line = expect::line(FUNCTION.title, line)?;
    let Some(coord) = expect::point(FUNCTION.title, point)? else {
        return Err(refusal("ST_AddPoint cannot add an empty point"));
    };
    let index = if position == -1 { Ok(line.len()) } else { usize::try_from(position) };
    let added = index.ok().and_then(|index| edit::add_point(line, coord, index));
    added.ok_or_else(|| {
        refusal(format!("ST_AddPoint: position {position} is not between 0 and {}", line.len()))
    })
}
