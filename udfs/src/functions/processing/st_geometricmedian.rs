//! `ST_GeometricMedian`: the position with the least sum of distances.

use godwit_geometry::construct::MedianSearch;
use godwit_geometry::{Geometry, GeometryError, construct};

use crate::function::{Argument, Category, Function, Nulls, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeometricMedian",
    category: Category::Processing,
    summary: "Returns the position with the least sum of distances from the points of a \
              multipoint.",
    notes: "Outliers move it less than the centroid. Heights count, and measures are weights, \
            which must not be negative. It is approached step by step until the sum of distances \
            shrinks by less than `tolerance`, which depends on the extent of the points if it is \
            null, or after `max_iter` steps, 10000 if left out.",
    example: "SELECT ST_AsText(ST_GeometricMedian('MULTIPOINT(0 0, 4 0, 0 4, 4 4)'))",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The points."),
            Argument::float("tolerance", "How little the sum must shrink to stop.").optional(),
            Argument::integer("max_iter", "The most steps.").optional(),
            Argument::new(
                "fail_if_not_converged",
                Type::Boolean,
                "Whether it is an error when the steps do not suffice, not if left out.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            (
                arguments.geometry(0)?,
                arguments.maybe_float(1)?,
                arguments.integer_or(2, 10_000)?,
                arguments.maybe_boolean(3)?,
            )
                .map_bytes(|(geometry, tolerance, max_iterations, must_converge)| {
                    median(geometry, tolerance, max_iterations, must_converge.unwrap_or(false))
                })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn median(
    geometry: Geometry<'_>,
    tolerance: Option<f64>,
    max_iterations: i64,
    must_converge: bool,
) -> Result<Vec<u8>, GeometryError> {
    let Ok(max_iterations) = u64::try_from(max_iterations) else {
        let reason = "the iterations of the median must not be negative".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    };
    let search = MedianSearch { tolerance, max_iterations, must_converge };
    construct::geometric_median(geometry, search)
}
