//! `ST_CoverageClean`: polygons made a coverage.

use godwit_geometry::coverage::{self, MergeStrategy};

use super::{first_or, polygons, results};
use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CoverageClean",
    category: Category::Clustering,
    summary: "Returns a polygon changed so that it neither overlaps the other polygons nor leaves \
              narrow gaps to them.",
    notes: "A window function: `OVER ()` takes all rows as one coverage, `OVER (PARTITION BY k)` \
            those of each k. What several polygons cover goes to one of them: with \
            `MERGE_LONGEST_BORDER` to that with the longest common border, else to the largest \
            with `MERGE_MAX_AREA`, the smallest with `MERGE_MIN_AREA`, or the first with \
            `MERGE_MIN_INDEX`. A negative snapping distance stands for one that fits the extent. \
            Null, empty and non-polygonal geometries give null.",
    example: "SELECT ST_AsText(ST_CoverageClean(geom) OVER ()) FROM (VALUES \
              (ST_MakeEnvelope(0, 0, 2, 2)), (ST_MakeEnvelope(1, 0, 3, 2))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "A polygon of the coverage."),
            Argument::float("gapmaximumwidth", "The width of gaps that are closed, 0 if left out.")
                .optional(),
            Argument::float("snappingdistance", "How far points may move, -1 if left out.")
                .optional(),
            Argument::text("overlapmergestrategy", "Which polygon an overlap goes to.").optional(),
        ],
        evaluate: |arguments| {
            let gap_width = first_or(arguments, 1, 0.0, crate::arguments::Arguments::float)?;
            let snapping_distance =
                first_or(arguments, 2, -1.0, crate::arguments::Arguments::float)?;
            let strategy = match arguments.len() {
                4.. => arguments.text(3)?.get(0)?.map(MergeStrategy::parse).transpose()?,
                _ => None,
            };
            let rows = polygons(arguments)?;
            let strategy = strategy.unwrap_or_default();
            Ok(results(coverage::clean(&rows, gap_width, snapping_distance, strategy)?))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
