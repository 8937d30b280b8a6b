//! `ST_Touches`: whether meet, but not in their interiors.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Touches",
    category: Category::Predicate,
    summary: "Returns whether meet, but not in their interiors.",
    notes: "Two points never touch. Heights are ignored.",
    example: "SELECT ST_Touches('LINESTRING(0 0, 1 1)', ST_Point(1, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Touches),
        ..Overload::BASE
    }],
    ..Function::BASE
};
