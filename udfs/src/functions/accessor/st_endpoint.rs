//! `ST_EndPoint`: the last point of a line.

use godwit_geometry::write;

use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_EndPoint",
    summary: "Returns the last point of a line; null for any other geometry.",
    example: "SELECT ST_AsText(ST_EndPoint('LINESTRING(0 0, 1 1)'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_appended(|geometry, bytes| {
                let last = geometry.line()?.last()?;
                write::append_point(bytes, last, geometry.dimension());
                Some(())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
