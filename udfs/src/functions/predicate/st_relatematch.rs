//! `ST_RelateMatch`: whether a matrix of two geometries matches a pattern.

use godwit_geometry::relate::Matrix;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RelateMatch",
    category: Category::Predicate,
    summary: "Returns whether a DE-9IM matrix matches a pattern.",
    notes: "ST_Relate makes matrices and explains the letters.",
    example: "SELECT ST_RelateMatch('101202FFF', 'TTTTTTFFF')",
    overloads: &[Overload {
        arguments: &[
            Argument::text("matrix", "Nine characters of `F`, `0`, `1` and `2`."),
            Argument::text("pattern", "Nine characters of `0`, `1`, `2`, `F`, `T` and `*`."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.text(0)?, arguments.text(1)?)
                .map_bool(|(matrix, pattern)| Matrix::parse(matrix)?.matches(pattern))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
