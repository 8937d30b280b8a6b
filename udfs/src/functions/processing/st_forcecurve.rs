//! `ST_ForceCurve`: a geometry as one of the kinds that may have arcs.

use godwit_geometry::curve;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ForceCurve",
    category: Category::Processing,
    summary: "Returns a line, a polygon or several of them as the kind that may have arcs.",
    notes: "A LINESTRING becomes a COMPOUNDCURVE, a POLYGON a CURVEPOLYGON, a MULTILINESTRING a \
            MULTICURVE and a MULTIPOLYGON a MULTISURFACE; others stay as they are. ST_LineToCurve \
            looks for arcs instead.",
    example: "SELECT ST_AsText(ST_ForceCurve('LINESTRING(0 0, 1 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(curve::force_curve),
        ..Overload::BASE
    }],
    ..Function::BASE
};
