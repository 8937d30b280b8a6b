//! `ST_Envelope`: the bounding box of a geometry.

use godwit_geometry::construct;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Envelope",
    summary: "Returns the bounding box of a geometry as a polygon.",
    notes: "The box of a single position is a point, and a box without width or height a line. \
            An empty geometry is its own box.",
    example: "SELECT ST_AsText(ST_Envelope('LINESTRING(0 0, 2 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments
                .geometry(0)?
                .map_appended(|geometry, bytes| construct::append_envelope(bytes, geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
