//! `ST_LineToCurve`: arcs in place of the segments that lie on them.

use godwit_geometry::curve;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineToCurve",
    category: Category::Processing,
    summary: "Returns a geometry with arcs in place of segments that lie as on a circle.",
    notes: "Three segments or more, at least two a quarter of a circle and of the same angle, are \
            taken for an arc. A line becomes a CIRCULARSTRING, or a COMPOUNDCURVE when it has other \
            segments too, and a polygon a CURVEPOLYGON. What has no arcs stays as it is.",
    example: "SELECT ST_AsText(ST_LineToCurve(ST_CurveToLine('CIRCULARSTRING(0 0, 1 1, 2 0)')))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(curve::to_curve),
        ..Overload::BASE
    }],
    ..Function::BASE
};
