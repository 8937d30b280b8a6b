//! `ST_Force3DZ`: a geometry with heights and without measures.

use godwit_geometry::Dimension;
use godwit_geometry::wkb::force_dimension;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Force3DZ",
    aliases: &["ST_Force3D"],
    category: Category::Processing,
    summary: "Returns a geometry with heights and without measures.",
    example: "SELECT ST_AsText(ST_Force3DZ(ST_Point(1, 2), 3))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("zvalue", "The height where there is none, else 0.").optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry
                    .map_bytes(|geometry| force_dimension(geometry, Dimension::Xyz, 0.0, 0.0));
            }
            (geometry, arguments.float(1)?)
                .map_bytes(|(geometry, z)| force_dimension(geometry, Dimension::Xyz, z, 0.0))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
