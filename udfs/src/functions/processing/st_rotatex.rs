//! `ST_RotateX`: a geometry turned around the X axis.

use godwit_geometry::edit::Affine;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RotateX",
    category: Category::Processing,
    summary: "Returns a geometry turned around the X axis by an angle in radians.",
    notes: "Measures stay as they are. A geometry without heights lies in the plane and is \
            foreshortened.",
    example: "SELECT ST_AsText(ST_RotateX('POINT Z (1 2 3)', pi()))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("rotradians", "The angle."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?)
                .map_bytes(|(geometry, angle)| Affine::around_x(angle).apply(geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
