//! `ST_EndPoint`: the last point of a line.

use godwit_geometry::write;

use super::path;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_EndPoint",
    summary: "Returns the last point of a line; null for any other geometry.",
    example: "SELECT ST_AsText(ST_EndPoint('LINESTRING(0 0, 1 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_appended(|geometry, bytes| {
                let last = match geometry.path() {
                    Some(path) => path.last()?,
                    None => path::compound_coord(geometry, geometry.coord_count().checked_sub(1)?)?,
                };
                write::append_point(bytes, last, geometry.dimension());
                Some(())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
