//! `ST_Point`: a point of two numbers.

use godwit_geometry::write::point_xy_array;

use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Point",
    aliases: &["ST_GeomPoint", "ST_MakeGeomPoint", "ST_Point2D"],
    category: Category::Constructor,
    summary: "Returns a point of an X and a Y.",
    notes: "The X of a geographic reference system is the longitude. A point whose ordinates are \
            both NaN is empty, because WKB cannot tell the two apart.",
    example: "SELECT ST_AsText(ST_Point(24.75, 59.44))",
    parity: Parity::Differs("In PostGIS, a point of two NaN is not empty."),
    overloads: &[Overload {
        arguments: &[
            Argument::float("x", "The X, or longitude."),
            Argument::float("y", "The Y, or latitude."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Argument(2),
        evaluate: |arguments| {
            (arguments.float(0)?, arguments.float(1)?).map_point(|(x, y)| point_xy_array(x, y))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
