//! `ST_Points`: the vertices of a geometry in one multi point.

use godwit_geometry::dump;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Points",
    summary: "Returns every vertex of a geometry in one multi point.",
    notes: "Vertices that come twice, as the first and last of a ring, are there twice. Heights \
            and measures are kept. Without vertices the result is an empty multi point.",
    example: "SELECT ST_AsText(ST_Points('LINESTRING(0 0, 1 1, 0 0)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(dump::multi_point),
        ..Overload::BASE
    }],
    ..Function::BASE
};
