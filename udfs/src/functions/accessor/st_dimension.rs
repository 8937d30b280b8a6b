//! `ST_Dimension`: the dimension of what a geometry fills.

use godwit_geometry::curve;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Dimension",
    summary: "Returns 0 for points, 1 for lines, 2 for polygons and 3 for surfaces around a volume.",
    notes: "A collection has the largest dimension of its members, and 0 without members.",
    example: "SELECT ST_Dimension('LINESTRING(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| arguments.geometry(0)?.map_i32(curve::dimension),
        ..Overload::BASE
    }],
    ..Function::BASE
};
