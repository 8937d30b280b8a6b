//! `ST_IsSimple`: whether a geometry meets itself only where it may.

use godwit_geometry::validity;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsSimple",
    category: Category::Predicate,
    summary: "Returns whether a geometry meets itself only where it may.",
    notes: "Lines may meet at their ends, unless one of them is closed; points must differ. Of a \
            polygon each ring is looked at by itself, and of a collection each member.",
    example: "SELECT ST_IsSimple('LINESTRING(0 0, 2 2, 2 0, 0 2)')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(validity::is_simple),
        ..Overload::BASE
    }],
    ..Function::BASE
};
