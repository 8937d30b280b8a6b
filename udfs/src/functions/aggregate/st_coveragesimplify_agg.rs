//! `ST_CoverageSimplify_Agg`: polygons with fewer points that still share their borders.

use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, coverage, write};

use crate::aggregate::{Accumulation, Aggregate, Value};
use crate::function::{Argument, Parity, Type};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_CoverageSimplify_Agg",
    summary: "Returns a collection of polygons with fewer points that share their borders as \
              before; null when there are none.",
    notes: "Nulls are left out. Points whose triangle with their neighbours is smaller than the \
            square of the tolerance are left out. Without `simplifyboundary` the outer border of \
            the coverage stays. The window function `ST_CoverageSimplify` keeps the rows apart.",
    example: "SELECT ST_AsText(ST_CoverageSimplify_Agg(geom, 1)) FROM (VALUES \
              (ST_GeomFromText('POLYGON((0 0, 10 0, 10.1 5, 10 10, 0 10, 0 0))'))) AS t(geom)",
    parity: Parity::Extension(
        "As in DuckDB; PostGIS has the window function ST_CoverageSimplify for it.",
    ),
    arguments: &[
        Argument::geometry("geom", "The polygons of the coverage."),
        Argument::float("tolerance", "How much may change; a length."),
        Argument::new("simplifyboundary", Type::Boolean, "Whether to simplify the outer border.")
            .optional(),
    ],
    accumulation: Accumulation::Listed(|geometries, options| {
        let tolerance = options.float(1).unwrap_or(0.0);
        let simplify_boundary = options.boolean(2).unwrap_or(true);
        let rows: Vec<Option<Geometry<'_>>> = geometries.iter().copied().map(Some).collect();
        gathered(&coverage::simplify(&rows, tolerance, simplify_boundary)?)
    }),
    ..Aggregate::BASE
};

/// Returns geometries as one collection.
pub(super) fn gathered(geometries: &[Option<Vec<u8>>]) -> Result<Value, GeometryError> {
    let parts: Vec<&[u8]> = geometries.iter().flatten().map(Vec::as_slice).collect();
    let mut dimension = Dimension::Xy;
    for part in &parts {
        dimension = dimension.union(Geometry::try_new(part)?.dimension());
    }
    Ok(write::collection(Kind::GeometryCollection, dimension, &parts).into())
}
