//! `ST_Node`: lines cut where they meet.

use godwit_geometry::noding;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Node",
    category: Category::Overlay,
    summary: "Returns lines cut in every position where they meet, each piece once.",
    notes: "Only lines can be cut; ST_Boundary makes lines of polygons.",
    example: "SELECT ST_AsText(ST_Node('MULTILINESTRING((0 0, 2 2), (0 2, 2 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The lines.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(noding::node_lines),
        ..Overload::BASE
    }],
    ..Function::BASE
};
