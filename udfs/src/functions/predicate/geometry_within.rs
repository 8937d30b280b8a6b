//! `geometry_within`: whether the box around a geometry lies in that of another.

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_within",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry lies in that of the second.",
    notes: "The operator `@` means this function. Geometries without coordinates have no box, \
            and the answer for them is false.",
    example: "SELECT geometry_within('POINT(5 1)', 'LINESTRING(0 0, 9 9)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, |left, right| right.contains(left)),
        ..Overload::BASE
    }],
    ..Function::BASE
};
