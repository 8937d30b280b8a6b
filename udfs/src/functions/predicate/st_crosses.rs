//! `ST_Crosses`: whether two geometries meet in their interiors in something of smaller dimension.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Crosses",
    category: Category::Predicate,
    summary: "Returns whether two geometries meet in their interiors in something of smaller \
              dimension.",
    notes: "Heights are ignored.",
    example: "SELECT ST_Crosses('LINESTRING(0 0, 2 2)', 'LINESTRING(0 2, 2 0)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Crosses),
        ..Overload::BASE
    }],
    ..Function::BASE
};
