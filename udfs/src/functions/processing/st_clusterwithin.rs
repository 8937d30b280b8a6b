//! `ST_ClusterWithin`: the geometries of an array that are close to each other, as collections.

use super::super::clustering::close;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::sets::map_geometries;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterWithin",
    category: Category::Processing,
    summary: "Returns a list of collections, each of geometries of an array that are connected by \
              steps of at most a distance.",
    notes: "Nulls are left out, and an empty geometry makes a collection of its own. Of no \
            geometries the answer is null. With a geometry in the place of the array the name \
            means the aggregate `ST_ClusterWithin_Agg`.",
    example: "SELECT cardinality(ST_ClusterWithin(ARRAY[ST_Point(0, 0), ST_Point(1, 1), \
              ST_Point(5, 5)], 1.5))",
    overloads: &[Overload {
        arguments: &[
            Argument::new("geoms", Type::GeometryList, "The geometries."),
            Argument::float("distance", "The largest distance between neighbours."),
        ],
        returns: Type::GeometryList,
        evaluate: |arguments| {
            let rows = (arguments.geometry_list(0)?, arguments.float(1)?);
            map_geometries(&rows, |(geometries, distance)| {
                (!geometries.is_empty()).then(|| close(&geometries, Some(distance))).transpose()
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
