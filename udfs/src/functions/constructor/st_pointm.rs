//! `ST_PointM`: a point with a measure.

use godwit_geometry::{Coord, Dimension, write};

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointM",
    category: Category::Constructor,
    summary: "Returns a point of an X, a Y and an M.",
    example: "SELECT ST_AsText(ST_PointM(1, 2, 3))",
    overloads: &[Overload {
        arguments: &[
            Argument::float("x", "The X, or longitude."),
            Argument::float("y", "The Y, or latitude."),
            Argument::float("m", "The measure."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Argument(3),
        evaluate: |arguments| {
            (arguments.float(0)?, arguments.float(1)?, arguments.float(2)?)
                .map_bytes(|(x, y, m)| write::point(Coord { x, y, z: f64::NAN, m }, Dimension::Xym))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
