//! `ST_Equals`: whether two geometries are the same set of positions.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Equals",
    category: Category::Predicate,
    summary: "Returns whether two geometries are the same set of positions.",
    notes: "Direction, start, repeated and collinear points do not matter. All empty geometries \
            are equal. Heights are ignored.",
    example: "SELECT ST_Equals('LINESTRING(0 0, 2 2)', 'LINESTRING(2 2, 1 1, 0 0)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Equals),
        ..Overload::BASE
    }],
    ..Function::BASE
};
