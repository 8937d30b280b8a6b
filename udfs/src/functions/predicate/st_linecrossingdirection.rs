//! `ST_LineCrossingDirection`: how one line crosses another.

use godwit_geometry::{Geometry, GeometryError, measure};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineCrossingDirection",
    category: Category::Predicate,
    summary: "Returns how the second line crosses the first: 0 when it does not, -1 when it \
            crosses it once to the left, 1 to the right.",
    notes: "When it crosses several times, -2 or 2 tell that it ends up left or right; -3 and 3 \
            that it ends up on the side where it started, having crossed to the left or right \
            first. Other geometries than lines are refused.",
    example: "SELECT ST_LineCrossingDirection('LINESTRING(0 0, 0 9)', 'LINESTRING(1 1, -1 1)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("linestringA", "The line that is crossed."),
            Argument::geometry("linestringB", "The line that crosses."),
        ],
        returns: Type::Int32,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?).map_i32(|(a, b)| direction(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn direction(a: Geometry<'_>, b: Geometry<'_>) -> Result<i32, GeometryError> {
    match (a.line(), b.line()) {
        (Some(line), Some(other)) => Ok(measure::crossing_direction(line, other)),
        _ => Err(GeometryError::InvalidArgument {
            reason: "ST_LineCrossingDirection takes two lines".to_owned(),
        }),
    }
}
