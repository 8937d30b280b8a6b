//! `ST_RotateY`: a geometry turned around the Y axis.

use godwit_geometry::edit::Affine;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RotateY",
    category: Category::Processing,
    summary: "Returns a geometry turned around the Y axis by an angle in radians.",
    notes: "Measures stay as they are. A geometry without heights lies in the plane and is \
            foreshortened.",
    example: "SELECT ST_AsText(ST_RotateY('POINT Z (1 2 3)', pi()))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("rotradians", "The angle."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?)
                .map_bytes(|(geometry, angle)| Affine::around_y(angle).apply(geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
