//! `geometry_right`: whether the box around a geometry lies right of that of another.

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_right",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry lies strictly right of that of the second.",
    notes: "The operator `>>` means this function. Geometries without coordinates have no box, \
            and the answer for them is false.",
    example: "SELECT geometry_right('POINT(10 0)', 'LINESTRING(0 0, 9 9)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, |left, right| left.xmin > right.xmax),
        ..Overload::BASE
    }],
    ..Function::BASE
};
