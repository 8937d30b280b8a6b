//! `ST_ChaikinSmoothing`: a geometry with its corners cut off.

use godwit_geometry::{Geometry, GeometryError, Kind, construct, to_iso};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ChaikinSmoothing",
    category: Category::Processing,
    summary: "Returns a geometry with each corner cut off, which makes it smoother.",
    notes: "Each corner is replaced by two, a quarter along its edges, and that `nIterations` \
            times, 1 to 5. Heights and measures are interpolated. Lines keep their ends; a ring \
            keeps the position it starts at only with `preserveEndPoints`. Points stay as they \
            are.",
    example: "SELECT ST_AsText(ST_ChaikinSmoothing('LINESTRING(0 0, 4 0, 4 4)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("nIterations", "How often corners are cut, once if left out.")
                .optional(),
            Argument::new(
                "preserveEndPoints",
                Type::Boolean,
                "Whether rings keep their start, not if left out.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            let iterations = arguments.integer_or(1, 1)?;
            (arguments.geometry(0)?, iterations, arguments.boolean_or(2, false)?)
                .map_bytes(|(geometry, iterations, ends)| smooth(geometry, iterations, ends))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn smooth(
    geometry: Geometry<'_>,
    iterations: i64,
    keep_ends: bool,
) -> Result<Vec<u8>, GeometryError> {
    if matches!(geometry.kind(), Kind::Point | Kind::MultiPoint) {
        return Ok(to_iso(geometry).into_owned());
    }
    let Some(iterations) = u32::try_from(iterations).ok().filter(|count| (1..=5).contains(count))
    else {
        let reason = format!("corners are cut 1 to 5 times, not {iterations} times");
        return Err(GeometryError::InvalidArgument { reason });
    };
    Ok(construct::chaikin_smoothing(geometry, iterations, keep_ends))
}
