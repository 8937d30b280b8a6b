//! `ST_Overlaps`: whether two geometries have the same dimension, and their interiors meet in that
//! dimension without either covering the other.

use godwit_geometry::Relation;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::predicate;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Overlaps",
    category: Category::Predicate,
    summary: "Returns whether two geometries have the same dimension, and their interiors meet \
              in that dimension without either covering the other.",
    notes: "Heights are ignored.",
    example: "SELECT ST_Overlaps('LINESTRING(0 0, 2 0)', 'LINESTRING(1 0, 3 0)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| predicate::evaluate(arguments, Relation::Overlaps),
        ..Overload::BASE
    }],
    ..Function::BASE
};
