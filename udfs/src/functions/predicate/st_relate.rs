//! `ST_Relate`: the dimensions in which two geometries meet.

use godwit_geometry::GeometryError;
use godwit_geometry::relate::{self, BoundaryRule};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Relate",
    category: Category::Predicate,
    summary: "Returns the DE-9IM matrix of two geometries, or whether it matches a pattern.",
    notes: "A matrix has nine characters: for interior, boundary and exterior of the first \
            geometry against those of the second, the dimension of what they share, or `F` for \
            nothing. A pattern may also have `T` for anything shared and `*` for no matter what. \
            A boundary rule says which ends of lines are boundary: 1 those where an odd number \
            of lines end, 2 all, 3 those that lines share, 4 those they do not share.",
    example: "SELECT ST_Relate('LINESTRING(0 0, 2 2)', 'LINESTRING(0 2, 2 0)')",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The first geometry."),
                Argument::geometry("geom2", "The second geometry."),
                Argument::integer("boundary_rule", "The rule, 1 if left out.").optional(),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
                if arguments.len() == 2 {
                    return geometries
                        .map_text(|(a, b)| relate::relate(a, b).map(|matrix| matrix.to_string()));
                }
                (geometries, arguments.integer(2)?).map_text(|((a, b), number)| {
                    let rule = boundary_rule(number)?;
                    relate::relate_with(a, b, rule).map(|matrix| matrix.to_string())
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The first geometry."),
                Argument::geometry("geom2", "The second geometry."),
                Argument::text("pattern", "Nine characters of `0`, `1`, `2`, `F`, `T` and `*`."),
            ],
            returns: Type::Boolean,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?, arguments.text(2)?)
                    .map_bool(|(a, b, pattern)| relate::relate(a, b)?.matches(pattern))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn boundary_rule(number: i64) -> Result<BoundaryRule, GeometryError> {
    BoundaryRule::from_number(number).ok_or_else(|| GeometryError::InvalidArgument {
        reason: format!("boundary rule {number} is not 1, 2, 3 or 4"),
    })
}
