//! `ST_CoverageInvalidEdges_Agg`: where polygons are no coverage.

use godwit_geometry::{Geometry, Kind, coverage};

use super::st_coveragesimplify_agg::gathered;
use crate::aggregate::{Accumulation, Aggregate, Value};
use crate::function::{Argument, Parity};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_CoverageInvalidEdges_Agg",
    summary: "Returns a collection of the parts of borders of polygons that overlap or do not \
              match point by point; null when there are none.",
    notes: "Nulls and what is no polygon are left out. With a tolerance, borders along narrower \
            gaps count too. Without such parts the answer is null. The window function `ST_CoverageInvalidEdges` \
            keeps the rows apart.",
    example: "SELECT ST_AsText(ST_CoverageInvalidEdges_Agg(geom)) FROM (VALUES \
              (ST_MakeEnvelope(0, 0, 2, 2)), (ST_MakeEnvelope(1, 0, 3, 2))) AS t(geom)",
    parity: Parity::Extension(
        "As in DuckDB; PostGIS has the window function ST_CoverageInvalidEdges for it.",
    ),
    arguments: &[
        Argument::geometry("geom", "The polygons of the coverage."),
        Argument::float("tolerance", "The width of gaps that are found, 0 if left out.").optional(),
    ],
    accumulation: Accumulation::Listed(|geometries, options| {
        let is_area =
            |geometry: &Geometry<'_>| matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon);
        let rows: Vec<Option<Geometry<'_>>> =
            geometries.iter().copied().filter(is_area).map(Some).collect();
        let edges = coverage::invalid_edges(&rows, options.float(1).unwrap_or(0.0))?;
        if edges.iter().all(Option::is_none) {
            return Ok(Value::Null);
        }
        gathered(&edges)
    }),
    ..Aggregate::BASE
};
