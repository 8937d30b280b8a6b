//! `ST_Disjoint`: whether two geometries share no position.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Disjoint",
    category: Category::Predicate,
    summary: "Returns whether two geometries share no position.",
    notes: "The opposite of ST_Intersects; an empty geometry is disjoint from everything. \
            Heights are ignored.",
    example: "SELECT ST_Disjoint(ST_Point(0, 0), ST_Point(1, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Disjoint),
        ..Overload::BASE
    }],
    ..Function::BASE
};
