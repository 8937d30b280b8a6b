//! `ST_RemoveSmallParts`: a geometry without small rings and lines.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RemoveSmallParts",
    category: Category::Processing,
    summary: "Returns polygons and lines without the rings and lines that are narrow or low.",
    notes: "A ring or line is left out when its box is narrower than `minSizeX` or lower than \
            `minSizeY`; a size that is not above 0 does not count. A polygon without its exterior \
            ring is left out with its holes. Points and collections stay as they are.",
    example: "SELECT ST_AsText(ST_RemoveSmallParts('MULTILINESTRING((0 0,9 9),(0 0,1 1))', 2, 2))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("minSizeX", "The least width."),
            Argument::float("minSizeY", "The least height."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?, arguments.float(2)?).map_bytes(
                |(geometry, width, height)| construct::remove_small_parts(geometry, width, height),
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
