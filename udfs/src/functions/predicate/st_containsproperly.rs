//! `ST_ContainsProperly`: whether every position of the second lies in the interior of the first.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ContainsProperly",
    category: Category::Predicate,
    summary: "Returns whether every position of the second lies in the interior of the first.",
    notes: "Heights are ignored.",
    example: "SELECT ST_ContainsProperly('POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))', ST_Point(1, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::ContainsProperly),
        ..Overload::BASE
    }],
    ..Function::BASE
};
