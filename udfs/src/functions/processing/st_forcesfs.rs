//! `ST_ForceSFS`: a geometry of the types of the simple features standard.

use godwit_geometry::curve::{self, Stroke};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ForceSFS",
    category: Category::Processing,
    summary: "Returns a geometry of the types that the simple features standard has.",
    notes: "Arcs become segments as in ST_CurveToLine, a TRIANGLE a POLYGON, and a TIN or a \
            POLYHEDRALSURFACE a collection of polygons. Version 1.2 of the standard has these three, \
            so that only arcs are replaced.",
    example: "SELECT ST_AsText(ST_ForceSFS('TRIANGLE((0 0, 1 0, 0 1, 0 0))'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text("version", "The version of the standard, 1.1 if left out, or 1.2.")
                .optional(),
        ],
        passes: Some(0),
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.text_or(1, "")?).map_borrowed(
                |(geometry, version)| match version {
                    "1.2" => curve::to_line(geometry, &Stroke::default()),
                    _ => curve::to_basic(geometry),
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
