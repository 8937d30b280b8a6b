//! `geometry_below`: whether the box around a geometry lies below that of another.

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_below",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry lies strictly below that of the second.",
    notes: "The operator `<<|` means this function. Geometries without coordinates have no box, \
            and the answer for them is false.",
    example: "SELECT geometry_below('POINT(0 0)', 'LINESTRING(0 1, 9 2)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, |left, right| left.ymax < right.ymin),
        ..Overload::BASE
    }],
    ..Function::BASE
};
