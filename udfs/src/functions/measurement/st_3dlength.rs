//! `ST_3DLength`: the length of a geometry in space.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DLength",
    category: Category::Measurement,
    summary: "Returns the length of the lines of a geometry in space.",
    notes: "Points and polygons have length 0. Without heights the answer is that of ST_Length. Arcs \
            are measured in the plane.",
    parity: Parity::Differs("PostGIS measures the lines of a COMPOUNDCURVE in the plane too."),
    example: "SELECT ST_3DLength('LINESTRING Z (0 0 0, 1 2 2)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(space::length_3d),
        ..Overload::BASE
    }],
    ..Function::BASE
};
