//! `ST_Union`: two geometries united.

use godwit_geometry::overlay;

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
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The first geometry."),
                Argument::geometry("geom2", "The second geometry."),
                Argument::float("gridsize", "The size of the grid that results are rounded to.")
                    .optional(),
            ],
            returns: Type::Geometry,
            evaluate: |arguments| {
                let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
                if arguments.len() == 2 {
                    return geometries.map_bytes(|(a, b)| overlay::union(a, b));
                }
                (geometries, arguments.float(2)?)
                    .map_bytes(|((a, b), grid_size)| overlay::union_on_grid(a, b, grid_size))
            },
            ..Overload::BASE
        },
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
