//! `ST_ClusterKMeans`: geometries around centres, numbered.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, new_null_array};
use arrow::datatypes::DataType;
use godwit_geometry::{GeometryError, cluster};

use super::geometries;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterKMeans",
    category: Category::Clustering,
    summary: "Returns the number of the cluster a geometry belongs to, from 0 on, so that \
              geometries are close to the centres of their clusters.",
    notes: "A window function: `OVER ()` clusters all rows, `OVER (PARTITION BY k)` those of each \
            k. A geometry counts as its centre; points may have a height, and a measure above 0 \
            as their weight. With `max_radius` there are more clusters than asked for when some \
            would reach further. The first centres are geometries far apart, so equal rows give \
            equal numbers. Null and empty geometries get -1, as in PostGIS; with `k` null or \
            below 1 every row is null.",
    example: "SELECT ST_ClusterKMeans(geom, 2) OVER () FROM (VALUES (ST_Point(0, 0)), \
              (ST_Point(1, 1)), (ST_Point(9, 9))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("k", "The number of clusters."),
            Argument::float("max_radius", "How far a cluster may reach from its centre.")
                .optional(),
        ],
        returns: Type::Int32,
        evaluate: |arguments| {
            let given = arguments.integer(1)?.get(0)?;
            let Some(count) = given.and_then(|k| usize::try_from(k).ok()).filter(|k| *k > 0) else {
                return Ok(new_null_array(&DataType::Int32, arguments.row_count));
            };
            if count > arguments.row_count {
                return Err(GeometryError::InvalidArgument {
                    reason: format!(
                        "there are {} rows, which is too few for {count} clusters",
                        arguments.row_count
                    ),
                });
            }
            let max_radius = if arguments.len() > 2 { arguments.float(2)?.get(0)? } else { None };
            let clusters =
                cluster::k_means(&geometries(arguments)?, count, max_radius.unwrap_or(0.0))?;
            let numbers = clusters
                .into_iter()
                .map(|number| number.map_or(Some(-1), |number| i32::try_from(number).ok()));
            Ok(Arc::new(numbers.collect::<Int32Array>()) as ArrayRef)
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
