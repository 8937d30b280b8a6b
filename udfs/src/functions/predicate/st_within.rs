//! `ST_Within`: whether no position of the first lies outside of the second and their interiors meet.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Within",
    category: Category::Predicate,
    summary: "Returns whether no position of the first lies outside of the second and their \
              interiors meet.",
    notes: "The converse of ST_Contains. Heights are ignored.",
    example: "SELECT ST_Within(ST_Point(1, 1), 'POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Within),
        ..Overload::BASE
    }],
    ..Function::BASE
};
