//! `ST_TransScale`: a geometry moved, then made larger or smaller.

use godwit_geometry::edit::Affine;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_TransScale",
    category: Category::Processing,
    summary: "Returns a geometry moved and then multiplied by factors, in the plane.",
    notes: "Heights and measures stay as they are.",
    example: "SELECT ST_AsText(ST_TransScale('LINESTRING(0 0, 1 1)', 1, 2, 10, 100))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("deltax", "The distance along X."),
            Argument::float("deltay", "The distance along Y."),
            Argument::float("xfactor", "The factor of X."),
            Argument::float("yfactor", "The factor of Y."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.floats::<4>(1)?).map_bytes(
                |(geometry, [x, y, x_factor, y_factor])| {
                    let factors = [[x_factor, 0.0], [0.0, y_factor]];
                    Affine::planar(factors, [x * x_factor, y * y_factor]).apply(geometry)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
