//! `ST_ClusterIntersecting_Agg`: the geometries that hang together, as collections.

use super::super::clustering::meeting;
use crate::aggregate::{Accumulation, Aggregate, Value};
use crate::function::Type;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_ClusterIntersecting_Agg",
    summary: "Returns a list of collections, each of geometries connected by geometries that \
              meet; null when there are none.",
    notes: "Nulls are left out, and an empty geometry makes a collection of its own. `unnest` \
            makes rows of the list; `ST_ClusterIntersectingWin` numbers the rows instead. \
            `ST_ClusterIntersecting(geom)` is the same.",
    example: "SELECT ST_AsText(unnest(ST_ClusterIntersecting(geom))) FROM (VALUES (ST_Point(0, \
              0)), (ST_MakeEnvelope(0, 0, 1, 1)), (ST_Point(5, 5))) AS t(geom)",
    returns: Type::GeometryList,
    accumulation: Accumulation::Listed(|geometries, _| meeting(geometries).map(Value::Geometries)),
    ..Aggregate::BASE
};
