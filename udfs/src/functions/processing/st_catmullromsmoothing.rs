//! `ST_CatmullRomSmoothing`: curves through the vertices of a geometry.

use godwit_geometry::{Geometry, GeometryError, construct};

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CatmullRomSmoothing",
    category: Category::Processing,
    summary: "Returns a geometry with smooth curves through its vertices.",
    notes: "The curves are splines after Catmull and Rom with `nSegments` segments from vertex to \
            vertex, at least 2. Heights and measures are interpolated. Points, and lines and \
            rings of less than four vertices, stay as they are.",
    example: "SELECT ST_AsText(ST_CatmullRomSmoothing('LINESTRING(0 0, 2 2, 4 2, 6 0)', 2))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("nSegments", "The segments between vertices, 5 if left out.")
                .optional(),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer_or(1, 5)?)
                .map_bytes(|(geometry, segments)| smooth(geometry, segments))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn smooth(geometry: Geometry<'_>, segments: i64) -> Result<Vec<u8>, GeometryError> {
    let segments = u32::try_from(segments).ok().filter(|count| (2..=10_000).contains(count));
    let Some(segments) = segments else {
        let reason = "a curve has 2 to 10000 segments between vertices".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    };
    Ok(construct::catmull_rom_smoothing(geometry, segments))
}
