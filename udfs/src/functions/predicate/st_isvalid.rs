//! `ST_IsValid`: whether a geometry is well formed.

use godwit_geometry::validity;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsValid",
    category: Category::Predicate,
    summary: "Returns whether a geometry is well formed, so that its interior is defined.",
    notes: "Rings must not cross or run along each other, holes must lie in their shell, and \
            touching rings must not divide the interior. With `flags` 1 a ring may touch itself \
            to make a hole. ST_IsValidReason tells what is wrong, ST_MakeValid repairs it.",
    example: "SELECT ST_IsValid('POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("flags", "1 allows rings that touch themselves, 0 does not.")
                .optional(),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_bool(validity::is_valid);
            }
            (geometry, arguments.integer(1)?)
                .map_bool(|(geometry, flags)| validity::defect(geometry, flags & 1 == 1).is_none())
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
