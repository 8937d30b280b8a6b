//! `ST_PointZ`: a point with a height.

use godwit_geometry::{Coord, Dimension, write};

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointZ",
    aliases: &["ST_Point3D"],
    category: Category::Constructor,
    summary: "Returns a point of an X, a Y and a Z.",
    example: "SELECT ST_AsText(ST_PointZ(1, 2, 3))",
    overloads: &[Overload {
        arguments: &[
            Argument::float("x", "The X, or longitude."),
            Argument::float("y", "The Y, or latitude."),
            Argument::float("z", "The height."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Argument(3),
        evaluate: |arguments| {
            (arguments.float(0)?, arguments.float(1)?, arguments.float(2)?)
                .map_bytes(|(x, y, z)| write::point(Coord::xyz(x, y, z), Dimension::Xyz))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
