//! `ST_OrderingEquals`: whether two geometries have the same coordinates in the same order.

use godwit_geometry::to_iso;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_OrderingEquals",
    category: Category::Predicate,
    summary: "Returns whether two geometries have the same kind, dimension and coordinates in the \
            same order.",
    notes: "ST_Equals compares the positions instead and sees no order.",
    example: "SELECT ST_OrderingEquals('LINESTRING(0 0, 1 1)', 'LINESTRING(1 1, 0 0)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bool(|(a, b)| to_iso(a) == to_iso(b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
