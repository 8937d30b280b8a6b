//! `ST_Area`: the area of a geometry.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Area",
    aliases: &["ST_Area2D"],
    category: Category::Measurement,
    summary: "Returns the area of the polygons of a geometry.",
    notes: "Units are those of the reference system, squared; ST_AreaSpheroid measures degrees \
            in square metres. Points and lines have area 0.",
    example: "SELECT ST_Area('POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(measure::area),
        ..Overload::BASE
    }],
    ..Function::BASE
};
