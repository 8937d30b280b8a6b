//! `geometry_left`: whether the box around a geometry lies left of that of another.

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_left",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry lies strictly left of that of the second.",
    notes: "The operator `<<` means this function. Geometries without coordinates have no box, \
            and the answer for them is false.",
    example: "SELECT geometry_left('POINT(0 0)', 'LINESTRING(1 0, 9 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, |left, right| left.xmax < right.xmin),
        ..Overload::BASE
    }],
    ..Function::BASE
};
