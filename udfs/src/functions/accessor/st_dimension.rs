//! `ST_Dimension`: the dimension of what a geometry fills.

use godwit_geometry::{Geometry, Kind};

use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Dimension",
    summary: "Returns 0 for points, 1 for lines and 2 for polygons.",
    notes: "A collection has the largest dimension of its members, and 0 without members.",
    example: "SELECT ST_Dimension('LINESTRING(0 0, 1 1)')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| arguments.geometry(0)?.map_i32(dimension),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn dimension(geometry: Geometry<'_>) -> i32 {
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => 0,
        Kind::LineString | Kind::MultiLineString => 1,
        Kind::Polygon | Kind::MultiPolygon => 2,
        Kind::GeometryCollection => geometry.parts().map(dimension).max().unwrap_or(0),
    }
}
