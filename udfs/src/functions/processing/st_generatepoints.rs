//! `ST_GeneratePoints`: points scattered over an area.

use godwit_geometry::{Geometry, GeometryError, construct};

use crate::function::{Argument, Category, Function, Nulls, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeneratePoints",
    category: Category::Processing,
    summary: "Returns random points inside of a polygon or multipolygon, as a multipoint.",
    notes: "They are spread evenly over the area. The same polygon and seed always give the same \
            points, also when no seed is given; a seed must be above 0. Null is returned for a \
            number below 1 and for an empty polygon.",
    example: "SELECT ST_NumGeometries(ST_GeneratePoints('POLYGON((0 0, 9 0, 0 9, 0 0))', 12, 1))",
    parity: Parity::Differs(
        "The points of a seed are other ones than in PostGIS, and without a seed they are the \
         same at each call.",
    ),
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("g", "The polygon or multipolygon."),
            Argument::integer("npoints", "How many points."),
            Argument::integer("seed", "What the choice of points depends on.").optional(),
        ],
        evaluate: |arguments| {
            let count = arguments.integer(1)?;
            (arguments.geometry(0)?, count, arguments.maybe_integer(2)?)
                .map_bytes(|(geometry, count, seed)| scatter(geometry, count, seed))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn scatter(
    geometry: Geometry<'_>,
    count: i64,
    seed: Option<i64>,
) -> Result<Option<Vec<u8>>, GeometryError> {
    if seed.is_some_and(|seed| seed < 1) {
        let reason = "the seed of the points must be above 0".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    construct::generate_points(geometry, count, seed.unwrap_or(0))
}
