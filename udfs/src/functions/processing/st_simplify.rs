//! `ST_Simplify`: a geometry with fewer points.

use godwit_geometry::{Geometry, GeometryError, Kind, construct, curve};

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Simplify",
    category: Category::Processing,
    summary: "Returns a geometry without the points that lie closer than a tolerance to the line \
              through their neighbours.",
    notes: "Works by Douglas and Peucker, each line and ring alone, so rings may come to cross. \
            What collapses is left out, and null is returned when nothing is left, unless \
            `preserve_collapsed` is true.",
    example: "SELECT ST_AsText(ST_Simplify('LINESTRING(0 0, 1 0.1, 2 0)', 0.5))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "The largest distance of a point left out."),
            Argument::new("preserve_collapsed", Type::Boolean, "Whether to keep what collapses.")
                .optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            let tolerance = arguments.float(1)?;
            if arguments.len() == 2 {
                return (geometry, tolerance)
                    .map_bytes(|(geometry, tolerance)| simplify(geometry, tolerance, false));
            }
            (geometry, tolerance, arguments.boolean(2)?).map_bytes(
                |(geometry, tolerance, preserve_collapsed)| {
                    simplify(geometry, tolerance, preserve_collapsed)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn simplify(
    geometry: Geometry<'_>,
    tolerance: f64,
    preserve_collapsed: bool,
) -> Result<Option<Vec<u8>>, GeometryError> {
    if geometry.is_basic() || matches!(geometry.kind(), Kind::Triangle | Kind::Tin) {
        return Ok(construct::simplify(geometry, tolerance, preserve_collapsed));
    }
    let basic = curve::to_basic(geometry)?;
    Ok(construct::simplify(Geometry::try_new(&basic)?, tolerance, preserve_collapsed))
}
