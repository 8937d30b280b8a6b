//! `ST_UnaryUnion`: the members of a geometry united.

use godwit_geometry::overlay;

use super::members::members;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_UnaryUnion",
    category: Category::Overlay,
    summary: "Returns the union of the members of a geometry, with lines cut where they meet.",
    example: "SELECT ST_AsText(ST_UnaryUnion('MULTIPOINT(1 1, 1 1)'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bytes(|geometry| overlay::unary_union(&members(&[geometry])))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
