//! `ST_Subdivide`: the parts of a geometry, each of few vertices.

use godwit_geometry::construct;

use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Overload, Type};
use crate::sets::map_geometries;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Subdivide",
    category: Category::SetReturning,
    summary: "Returns the parts of a geometry, each a point, line or polygon of at most \
              `max_vertices` vertices.",
    notes: "Large polygons are slow to test and to index; a table of their parts is not. A part \
            with more vertices is cut in two across its longer side. `max_vertices` is 256 when \
            it is left out, and at least 5. Empty geometries have no parts. Arcs and \
            triangles of few vertices stay as they are; others become segments and polygons.",
    example: "SELECT ST_Subdivide('LINESTRING(0 0, 1 0, 2 0, 3 0, 4 0, 5 0)', 5)",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("maxvertices", "The most vertices of a part; 256 by default.")
                .default("256"),
            Argument::float("gridsize", "What cuts are rounded to; not at all by default.")
                .optional(),
        ],
        returns: Type::Set(&Type::Geometry),
        evaluate: subdivide,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn subdivide(arguments: &Arguments<'_>) -> Evaluated {
    // Below 0 there are as few vertices as at 0, and both are refused alike.
    let limit = |most: i64| usize::try_from(most).unwrap_or(0);
    let geometries = arguments.geometry(0)?;
    match arguments.len() {
        1 => map_geometries(&geometries, |geometry| construct::subdivide(geometry, 256, -1.0)),
        2 => map_geometries(&(geometries, arguments.integer(1)?), |(geometry, most)| {
            construct::subdivide(geometry, limit(most), -1.0)
        }),
        _ => {
            let rows = (geometries, arguments.integer(1)?, arguments.float(2)?);
            map_geometries(&rows, |(geometry, most, grid_size)| {
                construct::subdivide(geometry, limit(most), grid_size)
            })
        }
    }
}
