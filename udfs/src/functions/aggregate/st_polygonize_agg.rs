//! `ST_Polygonize_Agg`: the polygons that lines enclose.

use godwit_geometry::noding;

use crate::aggregate::{Accumulation, Aggregate};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Polygonize_Agg",
    summary: "Returns a collection of the polygons that all lines together enclose; null when \
              there are none.",
    notes: "Nulls are left out. Lines must meet at their ends; `ST_Node` makes them so. Lines \
            that enclose nothing are left out. `ST_Polygonize(geom)` with one argument is the \
            same.",
    example: "SELECT ST_AsText(ST_Polygonize_Agg(geom)) FROM (VALUES \
              (ST_GeomFromText('LINESTRING(0 0, 4 0, 4 4)')), \
              (ST_GeomFromText('LINESTRING(4 4, 0 0)'))) AS t(geom)",
    accumulation: Accumulation::Listed(|geometries, _| Ok(noding::polygonize(geometries).into())),
    ..Aggregate::BASE
};
