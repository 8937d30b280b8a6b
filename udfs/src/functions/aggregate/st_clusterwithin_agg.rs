//! `ST_ClusterWithin_Agg`: the geometries that are close to each other, as collections.

use super::super::clustering::close;
use crate::aggregate::{Accumulation, Aggregate, Value};
use crate::function::{Argument, Type};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_ClusterWithin_Agg",
    summary: "Returns a list of collections, each of geometries connected by steps of at most a \
              distance; null when there are none.",
    notes: "Nulls are left out, and an empty geometry makes a collection of its own. `unnest` \
            makes rows of the list; `ST_ClusterWithinWin` numbers the rows instead. \
            `ST_ClusterWithin(geom, distance)` is the same.",
    example: "SELECT ST_AsText(unnest(ST_ClusterWithin(geom, 1.5))) FROM (VALUES (ST_Point(0, \
              0)), (ST_Point(1, 1)), (ST_Point(5, 5))) AS t(geom)",
    arguments: &[
        Argument::geometry("geom", "The geometries."),
        Argument::float("distance", "The largest distance between neighbours."),
    ],
    returns: Type::GeometryList,
    accumulation: Accumulation::Listed(|geometries, options| {
        close(geometries, options.float(1)).map(Value::Geometries)
    }),
    ..Aggregate::BASE
};
