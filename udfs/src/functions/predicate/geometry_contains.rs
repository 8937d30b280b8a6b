//! `geometry_contains`: whether the box around a geometry contains that of another.

use godwit_geometry::Bounds;

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "geometry_contains",
    category: Category::Predicate,
    summary: "Returns whether the box around a geometry contains that of the second.",
    notes: "The operator `~` means this function. Geometries without coordinates have no box, \
            and the answer for them is false.",
    example: "SELECT geometry_contains('LINESTRING(0 0, 9 9)', 'POINT(5 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, Bounds::contains),
        ..Overload::BASE
    }],
    ..Function::BASE
};
