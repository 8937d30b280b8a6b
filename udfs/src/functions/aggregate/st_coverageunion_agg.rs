//! `ST_CoverageUnion_Agg`: the polygons of a coverage united.

use godwit_geometry::{Geometry, coverage};

use crate::aggregate::{Accumulation, Aggregate, Value};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_CoverageUnion_Agg",
    aliases: &["ST_CoverageUnion"],
    summary: "Returns the union of polygons that share their borders point by point and do not \
              overlap; null when there are none.",
    notes: "Nulls and empty geometries are left out. It is faster than `ST_Union` and does not \
            check the polygons: those that are no coverage may give a wrong answer.",
    example: "SELECT ST_AsText(ST_CoverageUnion(geom)) FROM (VALUES (ST_MakeEnvelope(0, 0, 1, \
              1)), (ST_MakeEnvelope(1, 0, 2, 1))) AS t(geom)",
    accumulation: Accumulation::Listed(|geometries, _| {
        let areas: Vec<Geometry<'_>> =
            geometries.iter().copied().filter(|geometry| !geometry.is_empty()).collect();
        if areas.is_empty() {
            return Ok(Value::Null);
        }
        Ok(coverage::union(&areas)?.into())
    }),
    ..Aggregate::BASE
};
