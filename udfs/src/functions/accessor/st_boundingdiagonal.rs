//! `ST_BoundingDiagonal`: the diagonal of the box around a geometry.

use godwit_geometry::construct;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_BoundingDiagonal",
    summary: "Returns the line from the smallest to the largest ordinates of a geometry; an empty \
            line when it is empty, or one at the origin if the box must fit.",
    notes: "Unless the box must fit, it is the one rounded outward to single precision that \
            PostGIS keeps.",
    example: "SELECT ST_AsText(ST_BoundingDiagonal('POLYGON((3 1, 5 1, 4 9, 3 1))'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::new("fits", Type::Boolean, "Whether the box must fit exactly.").optional(),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry
                    .map_bytes(|geometry| construct::bounding_diagonal(geometry, false));
            }
            (geometry, arguments.boolean(1)?)
                .map_bytes(|(geometry, fits)| construct::bounding_diagonal(geometry, fits))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
