//! `ST_CurveN`: a part of a path.

use godwit_geometry::{Geometry, Kind, to_iso};

use crate::function::{Argument, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CurveN",
    summary: "Returns a line or a path of arcs that a COMPOUNDCURVE is put together of, counted \
              from 1; null when there is no such part.",
    notes: "A LINESTRING or a CIRCULARSTRING is its own first part.",
    example: "SELECT ST_AsText(ST_CurveN('COMPOUNDCURVE((0 0, 2 0), CIRCULARSTRING(2 0, 3 1, 4 \
              0))', 2))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("curve", "The path."),
            Argument::integer("n", "The number of the part, from 1."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?)
                .map_borrowed(|(geometry, n)| part(geometry, n).map(to_iso))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn part(geometry: Geometry<'_>, n: i64) -> Option<Geometry<'_>> {
    let index = usize::try_from(n).ok()?.checked_sub(1)?;
    match geometry.kind() {
        Kind::CompoundCurve => geometry.parts().nth(index),
        Kind::LineString | Kind::CircularString => {
            (index == 0 && !geometry.is_empty()).then_some(geometry)
        }
        _ => None,
    }
}
