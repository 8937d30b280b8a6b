//! `ST_ClusterIntersecting`: the geometries of an array that hang together, as collections.

use super::super::clustering::meeting;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::sets::map_geometries;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClusterIntersecting",
    category: Category::Processing,
    summary: "Returns a list of collections, each of geometries of an array that are connected by \
              geometries that meet.",
    notes: "Nulls are left out, and an empty geometry makes a collection of its own. Of no \
            geometries the answer is null. With a geometry in the place of the array the name \
            means the aggregate `ST_ClusterIntersecting_Agg`.",
    example: "SELECT cardinality(ST_ClusterIntersecting(ARRAY[ST_Point(0, 0), \
              ST_MakeEnvelope(0, 0, 1, 1), ST_Point(5, 5)]))",
    overloads: &[Overload {
        arguments: &[Argument::new("geoms", Type::GeometryList, "The geometries.")],
        returns: Type::GeometryList,
        evaluate: |arguments| {
            map_geometries(&arguments.geometry_list(0)?, |geometries| {
                (!geometries.is_empty()).then(|| meeting(&geometries)).transpose()
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
