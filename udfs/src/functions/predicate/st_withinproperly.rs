//! `ST_WithinProperly`: whether a geometry lies in the interior of another one.

use godwit_geometry::relate;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_WithinProperly",
    category: Category::Predicate,
    summary: "Returns whether every position of the first geometry lies in the interior of the \
              second.",
    notes: "The converse of ST_ContainsProperly. Heights are ignored.",
    example: "SELECT ST_WithinProperly(ST_Point(1, 1), 'POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))')",
    parity: Parity::Extension("DuckDB."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bool(|(a, b)| relate::contains_properly(b, a))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
