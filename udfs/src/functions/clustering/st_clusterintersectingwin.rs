//! `ST_ClusterIntersectingWin`: geometries that hang together, numbered.

use godwit_geometry::cluster;

use super::{geometries, visible_numbers};
use crate::function::{Argument, Category, Function, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterIntersectingWin",
    category: Category::Clustering,
    summary: "Returns the number of the cluster of geometries that are connected by geometries \
              that meet, from 0 on; null for null.",
    notes: "A window function: `OVER ()` clusters all rows, `OVER (PARTITION BY k)` those of each \
            k. An empty geometry is a cluster of its own, and numbers have a gap for each null.",
    example: "SELECT ST_ClusterIntersectingWin(geom) OVER () FROM (VALUES (ST_Point(0, 0)), \
              (ST_MakeEnvelope(0, 0, 1, 1)), (ST_Point(9, 9))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            let rows = geometries(arguments)?;
            Ok(visible_numbers(cluster::intersecting(&rows)?, &rows))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
