//! `ST_ShiftLongitude`: longitudes of the other range.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ShiftLongitude",
    category: Category::Processing,
    summary: "Returns a geometry with longitudes from -180 to 180 as such from 0 to 360, and the \
              other way round.",
    notes: "360 is added to X below 0 and taken from X above 180, vertex by vertex.",
    example: "SELECT ST_AsText(ST_ShiftLongitude('LINESTRING(174 12, 182 13)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(edit::shift_longitude),
        ..Overload::BASE
    }],
    ..Function::BASE
};
