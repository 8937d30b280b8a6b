//! `geometry_above`: whether the box around a geometry lies above that of another.

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_above",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry lies strictly above that of the second.",
    notes: "The operator `|>>` means this function. Geometries without coordinates have no box, \
            and the answer for them is false.",
    example: "SELECT geometry_above('POINT(0 5)', 'LINESTRING(0 0, 9 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, |left, right| left.ymin > right.ymax),
        ..Overload::BASE
    }],
    ..Function::BASE
};
