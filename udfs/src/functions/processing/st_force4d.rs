//! `ST_Force4D`: a geometry with heights and measures.

use godwit_geometry::wkb::force_dimension;
use godwit_geometry::{Dimension, Geometry};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Force4D",
    category: Category::Processing,
    summary: "Returns a geometry with heights and measures.",
    example: "SELECT ST_AsText(ST_Force4D(ST_Point(1, 2), 3, 4))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("zvalue", "The height where there is none, else 0.").default("0"),
            Argument::float("mvalue", "The measure where there is none, else 0.").optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            match arguments.len() {
                1 => geometry.map_bytes(|geometry| force(geometry, [0.0, 0.0])),
                2 => (geometry, arguments.float(1)?)
                    .map_bytes(|(geometry, z)| force(geometry, [z, 0.0])),
                _ => (geometry, arguments.floats::<2>(1)?)
                    .map_bytes(|(geometry, values)| force(geometry, values)),
            }
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn force(geometry: Geometry<'_>, [z, m]: [f64; 2]) -> Vec<u8> {
    force_dimension(geometry, Dimension::Xyzm, z, m)
}
