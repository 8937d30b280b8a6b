//! `ST_Contains`: whether no position of the second lies outside of the first and their interiors meet.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Contains",
    category: Category::Predicate,
    summary: "Returns whether no position of the second lies outside of the first and their \
              interiors meet.",
    notes: "A polygon does not contain a line along its boundary; ST_Covers tells that. Heights \
            are ignored.",
    example: "SELECT ST_Contains('POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))', ST_Point(1, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Contains),
        ..Overload::BASE
    }],
    ..Function::BASE
};
