//! `ST_IsEmpty`: whether a geometry has no coordinates.

use godwit_geometry::Geometry;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsEmpty",
    summary: "Returns whether a geometry has no coordinates.",
    example: "SELECT ST_IsEmpty('POLYGON EMPTY')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(Geometry::is_empty),
        ..Overload::BASE
    }],
    ..Function::BASE
};
