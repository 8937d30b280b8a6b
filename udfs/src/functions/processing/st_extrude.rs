//! `ST_Extrude`: what a geometry passes over while it moves.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Extrude",
    aliases: &["CG_Extrude"],
    category: Category::Processing,
    summary: "Returns what a geometry passes over in space while it moves by a distance along \
              each axis.",
    notes: "Points become lines, lines a POLYHEDRALSURFACE of one face for each edge, and polygons \
            the POLYHEDRALSURFACE around a body, whose faces face outwards. Without heights a \
            geometry starts at height 0; measures are dropped.",
    parity: Parity::Differs(
        "PostGIS has the function with SFCGAL, and calls what it makes of polygons solids.",
    ),
    example: "SELECT ST_AsText(ST_Extrude('LINESTRING(0 0, 1 0)', 0, 0, 2))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("x", "The distance along X."),
            Argument::float("y", "The distance along Y."),
            Argument::float("z", "The distance along Z."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.floats::<3>(1)?)
                .map_bytes(|(geometry, by)| construct::extrude(geometry, by))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
