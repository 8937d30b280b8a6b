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
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            match arguments.len() {
                1 => geometry.map_borrowed(to_iso),
                2 => (geometry, arguments.float(1)?).map_borrowed(|(geometry, _)| to_iso(geometry)),
                3 => (geometry, arguments.float(1)?, arguments.integer(2)?)
                    .map_borrowed(|(geometry, ..)| to_iso(geometry)),
                _ => (geometry, arguments.float(1)?, arguments.integer(2)?, arguments.integer(3)?)
                    .map_borrowed(|(geometry, ..)| to_iso(geometry)),
            }
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
