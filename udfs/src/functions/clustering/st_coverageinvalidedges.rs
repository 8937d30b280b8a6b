//! `ST_CoverageInvalidEdges`: where polygons are no coverage.

use godwit_geometry::coverage;

use super::{first_or, polygons, results};
use crate::function::{Argument, Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_CoverageInvalidEdges",
    category: Category::Clustering,
    summary: "Returns the parts of the border of a polygon that overlap other polygons of a \
              coverage or do not match them point by point; null when there are none.",
    notes: "A window function: `OVER ()` takes all rows as one coverage, `OVER (PARTITION BY k)` \
            those of each k. With a tolerance, borders along narrower gaps count too. Null, \
            empty and non-polygonal geometries give null.",
    example: "SELECT ST_AsText(ST_CoverageInvalidEdges(geom) OVER ()) FROM (VALUES \
              (ST_MakeEnvelope(0, 0, 2, 2)), (ST_MakeEnvelope(1, 0, 3, 2))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "A polygon of the coverage."),
            Argument::float("tolerance", "The width of gaps that are found, 0 if left out.")
                .optional(),
        ],
        evaluate: |arguments| {
            let tolerance = first_or(arguments, 1, 0.0, crate::arguments::Arguments::float)?;
            Ok(results(coverage::invalid_edges(&polygons(arguments)?, tolerance)?))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
