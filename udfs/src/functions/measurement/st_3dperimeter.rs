//! `ST_3DPerimeter`: the length of the boundary of polygons in space.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DPerimeter",
    category: Category::Measurement,
    summary: "Returns the length of the rings of the polygons of a geometry in space.",
    notes: "Points and lines have perimeter 0. Rings with arcs are measured in the plane. Without heights the answer is that of ST_Perimeter.",
    example: "SELECT ST_3DPerimeter('POLYGON Z ((0 0 0, 3 0 4, 0 0 8, 0 0 0))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(space::perimeter_3d),
        ..Overload::BASE
    }],
    ..Function::BASE
};
