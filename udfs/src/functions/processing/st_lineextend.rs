//! `ST_LineExtend`: a line made longer.

use godwit_geometry::{Geometry, GeometryError, edit, to_iso};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineExtend",
    category: Category::Processing,
    summary: "Returns a line made longer by a distance beyond its ends.",
    notes: "The new vertices lie straight on from the last edges, with heights and measures that \
            go on in the same way. Distances below 0 are refused. A line without extent stays as it is, \
            and an empty one gives null.",
    example: "SELECT ST_AsText(ST_LineExtend('LINESTRING(0 0, 0 10)', 5, 6))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::float("distance_forward", "The distance beyond the end."),
            Argument::float("distance_backward", "The distance before the start, else 0.")
                .optional(),
        ],
        evaluate: |arguments| {
            let (line, forward) = (arguments.geometry(0)?, arguments.float(1)?);
            if arguments.len() == 2 {
                return (line, forward).map_bytes(|(line, forward)| extend(line, forward, 0.0));
            }
            (line, forward, arguments.float(2)?)
                .map_bytes(|(line, forward, backward)| extend(line, forward, backward))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn extend(
    line: Geometry<'_>,
    forward: f64,
    backward: f64,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let path = expect::line(FUNCTION.title, line)?;
    if forward < 0.0 || backward < 0.0 {
        return Err(refusal("ST_LineExtend: the distances cannot be below 0"));
    }
    if line.is_empty() {
        return Ok(None);
    }
    let extended = edit::extend(path, forward, backward);
    Ok(Some(extended.unwrap_or_else(|| to_iso(line).into_owned())))
}
