//! `ST_WrapX`: a geometry cut at a meridian and moved around the world.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_WrapX",
    category: Category::Processing,
    summary: "Returns a geometry with what lies on one side of a vertical line moved by a \
              distance.",
    notes: "Lines and polygons are cut where they cross the line, and parts that meet again are \
            joined.",
    example: "SELECT ST_AsText(ST_WrapX('LINESTRING(170 0, 190 0)', 180, -360))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("wrap", "X of the line."),
            Argument::float(
                "move",
                "The distance; above 0 it moves what is to the left of the line, else what is to the right.",
            ),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.floats::<2>(1)?)
                .map_bytes(|(geometry, [wrap, shift])| edit::wrap_x(geometry, wrap, shift))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
