//! `ST_ClusterRelateWin`: geometries that meet in some way, numbered.

use godwit_geometry::{GeometryError, cluster};

use super::{geometries, visible_numbers};
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterRelateWin",
    category: Category::Clustering,
    summary: "Returns the number of the cluster of geometries that are connected by geometries \
              whose DE-9IM matrix matches a pattern, from 0 on; null for null.",
    notes: "A window function: `OVER ()` clusters all rows, `OVER (PARTITION BY k)` those of each \
            k. Only geometries whose bounding boxes meet are compared. An empty geometry is a \
            cluster of its own, and numbers have a gap for each null.",
    example: "SELECT ST_ClusterRelateWin(geom, 'F***0****') OVER () FROM (VALUES \
              (ST_GeomFromText('LINESTRING(0 0, 2 0)')), (ST_GeomFromText('LINESTRING(2 0, 4 \
              0)'))) AS t(geom)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text("pattern", "Nine characters of `0`, `1`, `2`, `F`, `T` and `*`."),
        ],
        returns: Type::Int32,
        evaluate: |arguments| {
            let rows = geometries(arguments)?;
            let Some(pattern) = arguments.text(1)?.get(0)? else {
                return Err(GeometryError::InvalidArgument {
                    reason: "the pattern must not be null".to_owned(),
                });
            };
            Ok(visible_numbers(cluster::related(&rows, pattern)?, &rows))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
