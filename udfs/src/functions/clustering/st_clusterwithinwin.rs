//! `ST_ClusterWithinWin`: geometries that are close to each other, numbered.

use godwit_geometry::cluster;

use super::{distance, geometries, visible_numbers};
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterWithinWin",
    category: Category::Clustering,
    summary: "Returns the number of the cluster of geometries that are connected by steps of at \
              most a distance, from 0 on; null for null.",
    notes: "A window function: `OVER ()` clusters all rows, `OVER (PARTITION BY k)` those of each \
            k. An empty geometry is a cluster of its own, and numbers have a gap for each null.",
    example: "SELECT ST_ClusterWithinWin(geom, 1.5) OVER () FROM (VALUES (ST_Point(0, 0)), \
              (ST_Point(1, 1)), (ST_Point(9, 9))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("distance", "The largest distance between neighbours."),
        ],
        returns: Type::Int32,
        evaluate: |arguments| {
            let rows = geometries(arguments)?;
            let distance = distance(arguments.float(1)?.get(0)?)?;
            Ok(visible_numbers(cluster::within(&rows, distance)?, &rows))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
