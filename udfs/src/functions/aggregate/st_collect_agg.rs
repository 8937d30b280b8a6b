//! `ST_Collect_Agg`: all geometries put together without changing them.

use super::super::constructor::collection_of;
use crate::aggregate::{Accumulation, Aggregate};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Collect_Agg",
    summary: "Returns a multi geometry or collection of all geometries; null when there are none.",
    notes: "Nulls are left out. Points, lines or polygons alone make a multi geometry, anything \
            else a collection. `ORDER BY` inside of the call sets the order of the members. \
            `ST_Collect(geom)` with one argument is the same.",
    example: "SELECT ST_AsText(ST_Collect(geom)) FROM (VALUES (ST_Point(0, 0)), (ST_Point(2, \
              1))) AS t(geom)",
    accumulation: Accumulation::ListedAny(|geometries, _| Ok(collection_of(geometries)?.into())),
    ..Aggregate::BASE
};
