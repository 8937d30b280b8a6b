//! `ST_Perimeter`: the length of the boundary of polygons.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Perimeter",
    aliases: &["ST_Perimeter2D"],
    category: Category::Measurement,
    summary: "Returns the length of the rings of the polygons of a geometry.",
    notes: "Units are those of the reference system. Points and lines have perimeter 0.",
    example: "SELECT ST_Perimeter('POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(measure::perimeter),
        ..Overload::BASE
    }],
    ..Function::BASE
};
