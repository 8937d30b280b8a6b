//! `ST_Union`: two geometries united.

use godwit_geometry::overlay;

use super::gridded;
use super::members::members;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Union",
    category: Category::Overlay,
    summary: "Returns the positions that lie in either geometry.",
    notes: "Polygons must be valid unless results are rounded to a grid. With one argument the name means the aggregate `ST_Union_Agg`.",
    example: "SELECT ST_AsText(ST_Union(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[
        gridded::overload(|arguments| {
            gridded::geometries(arguments, overlay::union, overlay::union_on_grid)
        }),
        Overload {
            arguments: &[Argument::new("geoms", Type::GeometryList, "The geometries.")],
            returns: Type::Geometry,
            evaluate: |arguments| {
                arguments.geometry_list(0)?.map_bytes(|geometries| {
                    (!geometries.is_empty())
                        .then(|| overlay::unary_union(&members(&geometries)))
                        .transpose()
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
