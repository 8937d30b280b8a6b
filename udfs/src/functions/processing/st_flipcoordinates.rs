//! `ST_FlipCoordinates`: a geometry with X and Y exchanged.

use godwit_geometry::{Coord, append_mapped};

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_FlipCoordinates",
    category: Category::Processing,
    summary: "Returns a geometry with X and Y exchanged.",
    example: "SELECT ST_AsText(ST_FlipCoordinates(ST_Point(1, 2)))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_appended(|geometry, bytes| {
                append_mapped(bytes, geometry, |coord| Coord { x: coord.y, y: coord.x, ..coord });
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
