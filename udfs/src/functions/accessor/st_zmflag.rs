//! `ST_Zmflag`: which ordinates coordinates have.

use godwit_geometry::Dimension;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Zmflag",
    summary: "Returns 0 for X and Y only, 1 with a measure, 2 with a height and 3 with both.",
    example: "SELECT ST_Zmflag('POINT Z (1 2 3)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| match geometry.dimension() {
                Dimension::Xy => 0,
                Dimension::Xym => 1,
                Dimension::Xyz => 2,
                Dimension::Xyzm => 3,
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
