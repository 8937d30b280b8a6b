//! `ST_CurveToLine`: a geometry with straight edges.

use godwit_geometry::to_iso;

use crate::function::{Argument, Category, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CurveToLine",
    category: Category::Processing,
    summary: "Returns a geometry with straight edges in place of arcs.",
    notes: "Godwit reads no arcs, so it is the geometry as it is.",
    example: "SELECT ST_AsText(ST_CurveToLine('LINESTRING(0 0, 1 1)'))",
    parity: Parity::Differs("PostGIS has geometries with arcs; Godwit refuses to read them."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "How close the edges are to an arc.").optional(),
            Argument::integer("tolerance_type", "What the tolerance means.").optional(),
            Argument::integer("flags", "How an arc is divided.").optional(),
        ],
        passes: Some(0),
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(to_iso),
        ..Overload::BASE
    }],
    ..Function::BASE
};
