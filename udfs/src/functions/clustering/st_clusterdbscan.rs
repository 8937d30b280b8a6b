//! `ST_ClusterDBSCAN`: dense groups of geometries, numbered.

use godwit_geometry::{GeometryError, cluster};

use super::{distance, geometries, numbers, shown};
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterDBSCAN",
    category: Category::Clustering,
    summary: "Returns the number of the dense cluster a geometry belongs to, from 0 on; null when \
              it belongs to none.",
    notes: "A window function: `OVER ()` clusters all rows, `OVER (PARTITION BY k)` those of each \
            k. A geometry with at least `minpoints` geometries within `eps`, itself among them, \
            is the core of a cluster, and all of those belong to it; what is close to cores of \
            several clusters belongs to the first. Null and empty geometries belong to none, but \
            with `minpoints` of at most 1 an empty one is a cluster of its own, and a null takes \
            the number of one.",
    example: "SELECT ST_ClusterDBSCAN(geom, 1.5, 2) OVER () FROM (VALUES (ST_Point(0, 0)), \
              (ST_Point(1, 1)), (ST_Point(9, 9))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("eps", "The largest distance between neighbours."),
            Argument::integer("minpoints", "How many neighbours make a core."),
        ],
        returns: Type::Int32,
        evaluate: |arguments| {
            let eps = distance(arguments.float(1)?.get(0)?)?;
            let given = arguments.integer(2)?.get(0)?;
            let Some(min_points) = given.and_then(|count| usize::try_from(count).ok()) else {
                return Err(GeometryError::InvalidArgument {
                    reason: format!("minpoints must be 0 or more, not {}", shown(given)),
                });
            };
            Ok(numbers(cluster::dbscan(&geometries(arguments)?, eps, min_points)?))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
