//! `ST_MemSize`: how large a geometry is.

use godwit_geometry::wkb;

use super::count;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MemSize",
    summary: "Returns the bytes that PostGIS takes to store a geometry.",
    notes: "Godwit stores WKB, whose size is `octet_length(ST_AsBinary(geom))`.",
    example: "SELECT ST_MemSize(ST_Point(1, 2))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| count(wkb::stored_size(geometry)))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
