//! `ST_3DArea`: the area of polygons in space.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DArea",
    aliases: &["CG_3DArea"],
    category: Category::Measurement,
    summary: "Returns the area of the polygons and surfaces of a geometry in space.",
    notes: "Points and lines have area 0. Each polygon counts as flat. Without heights the answer \
            is that of ST_Area.",
    parity: Parity::Differs("PostGIS has the function with SFCGAL, which refuses bent polygons."),
    example: "SELECT ST_3DArea('POLYGON Z ((0 0 0, 3 0 4, 3 5 4, 0 5 0, 0 0 0))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(space::area_3d),
        ..Overload::BASE
    }],
    ..Function::BASE
};
