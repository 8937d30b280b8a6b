//! `ST_Force3DM`: a geometry with measures and without heights.

use godwit_geometry::Dimension;
use godwit_geometry::wkb::force_dimension;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Force3DM",
    category: Category::Processing,
    summary: "Returns a geometry with measures and without heights.",
    example: "SELECT ST_AsText(ST_Force3DM(ST_Point(1, 2), 3))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("mvalue", "The measure where there is none, else 0.").optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry
                    .map_bytes(|geometry| force_dimension(geometry, Dimension::Xym, 0.0, 0.0));
            }
            (geometry, arguments.float(1)?)
                .map_bytes(|(geometry, m)| force_dimension(geometry, Dimension::Xym, 0.0, m))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
