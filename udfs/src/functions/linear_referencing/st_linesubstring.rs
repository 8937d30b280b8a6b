//! `ST_LineSubstring`: the piece of a line between two fractions of its length.

use godwit_geometry::{Geometry, GeometryError, Kind, linear};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineSubstring",
    category: Category::LinearReferencing,
    summary: "Returns the piece of a line between two fractions of its length; null when the line \
              is empty.",
    notes: "The length is that in the plane; heights and measures are interpolated. A piece \
            without length is a point. A multiline gives its pieces.",
    example: "SELECT ST_AsText(ST_LineSubstring('LINESTRING(0 0, 10 0, 10 10)', 0.25, 0.75))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line or multiline."),
            Argument::float("startfraction", "Where the piece starts, from 0 to 1."),
            Argument::float("endfraction", "Where the piece ends, from 0 to 1."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.floats::<2>(1)?)
                .map_bytes(|(line, fractions)| piece(line, fractions))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn piece(line: Geometry<'_>, [start, end]: [f64; 2]) -> Result<Option<Vec<u8>>, GeometryError> {
    let start = expect::fraction(FUNCTION.title, start)?;
    let end = expect::fraction(FUNCTION.title, end)?;
    if start > end {
        return Err(refusal(format!(
            "ST_LineSubstring: the start fraction {start} is above the end fraction {end}"
        )));
    }
    if line.kind() != Kind::MultiLineString {
        expect::line(FUNCTION.title, line)?;
    }
    Ok(linear::substring(line, [start, end]))
}
