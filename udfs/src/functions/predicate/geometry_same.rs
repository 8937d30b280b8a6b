//! `geometry_same`: whether the box around a geometry is that of another.

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_same",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry is the same as that of the second.",
    notes: "The operator `~=` means this function. Geometries without coordinates have no box, \
            which is the same for all of them.",
    example: "SELECT geometry_same('LINESTRING(0 0, 1 1)', 'LINESTRING(0 1, 1 0)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::compare(arguments, |left, right| left == right),
        ..Overload::BASE
    }],
    ..Function::BASE
};
