//! `ST_Polygon`: a polygon of its exterior ring, in a reference system.

use super::st_makepolygon::polygon_of;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Polygon",
    category: Category::Constructor,
    summary: "Returns the polygon whose exterior ring is a closed line, in a reference system.",
    notes: "ST_MakePolygon makes polygons with holes.",
    example: "SELECT ST_AsEWKT(ST_Polygon('LINESTRING(0 0, 1 0, 1 1, 0 0)', 4326))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "A closed line of at least four points."),
            Argument::integer("srid", "The EPSG code, or 0.").literal(),
        ],
        returns: Type::Geometry,
        crs: CrsRule::Argument(1),
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(|line| polygon_of(line, &[])),
        ..Overload::BASE
    }],
    ..Function::BASE
};
