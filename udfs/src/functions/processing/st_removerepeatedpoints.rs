//! `ST_RemoveRepeatedPoints`: a geometry without vertices that repeat.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RemoveRepeatedPoints",
    category: Category::Processing,
    summary: "Returns a geometry without the vertices that repeat the one before, or are within a \
              distance of it.",
    notes: "Lines keep two vertices and rings four. Without a distance, vertices repeat when all \
            their ordinates are equal. A multipoint keeps one of the points within the distance of \
            each other, and has them in the order of X and Y.",
    example: "SELECT ST_AsText(ST_RemoveRepeatedPoints('LINESTRING(0 0, 0 0, 1 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "The distance, else 0.").optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_bytes(|geometry| edit::remove_repeated_points(geometry, 0.0));
            }
            (geometry, arguments.float(1)?).map_bytes(|(geometry, tolerance)| {
                edit::remove_repeated_points(geometry, tolerance)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
