//! `ST_Length`: the length of a geometry.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Length",
    aliases: &["ST_Length2D"],
    category: Category::Measurement,
    summary: "Returns the length of the lines of a geometry.",
    notes: "Units are those of the reference system; ST_LengthSpheroid measures degrees in \
            metres. Points and polygons have length 0, and heights are ignored.",
    example: "SELECT ST_Length('LINESTRING(0 0, 3 4)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(measure::length),
        ..Overload::BASE
    }],
    ..Function::BASE
};
