//! `ST_CoverageSimplify`: polygons with fewer points that still share their borders.

use godwit_geometry::coverage;

use super::{first_or, polygons, results};
use crate::function::{Argument, Category, Function, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_CoverageSimplify",
    category: Category::Clustering,
    summary: "Returns a polygon with fewer points that still shares its borders with the other \
              polygons of a coverage.",
    notes: "A window function: `OVER ()` takes all rows as one coverage, `OVER (PARTITION BY k)` \
            those of each k. Points whose triangle with their neighbours is smaller than the \
            square of the tolerance are left out. Without `simplifyboundary` the outer border of \
            the coverage stays. Null, empty and non-polygonal geometries give null.",
    example: "SELECT ST_AsText(ST_CoverageSimplify(geom, 1) OVER ()) FROM (VALUES \
              (ST_GeomFromText('POLYGON((0 0, 10 0, 10.1 5, 10 10, 0 10, 0 0))'))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "A polygon of the coverage."),
            Argument::float("tolerance", "How much may change; a length."),
            Argument::new(
                "simplifyboundary",
                Type::Boolean,
                "Whether to simplify the outer border.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            let tolerance = first_or(arguments, 1, 0.0, crate::arguments::Arguments::float)?;
            let simplify_boundary =
                first_or(arguments, 2, true, crate::arguments::Arguments::boolean)?;
            Ok(results(coverage::simplify(&polygons(arguments)?, tolerance, simplify_boundary)?))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
