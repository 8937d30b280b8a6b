//! `ST_ForceSFS`: a geometry of the types of the simple features standard.

use godwit_geometry::to_iso;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ForceSFS",
    category: Category::Processing,
    summary: "Returns a geometry of the types that the simple features standard has.",
    notes: "Godwit has no other types, so it is the geometry as it is.",
    example: "SELECT ST_AsText(ST_ForceSFS('MULTIPOINT(0 0, 1 1)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text("version", "The version of the standard, such as 1.1.").optional(),
        ],
        passes: Some(0),
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_borrowed(to_iso);
            }
            (geometry, arguments.text(1)?).map_borrowed(|(geometry, _)| to_iso(geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
