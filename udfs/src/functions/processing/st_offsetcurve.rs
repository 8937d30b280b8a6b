//! `ST_OffsetCurve`: the line at some distance from a line.

use godwit_geometry::GeometryError;
use godwit_geometry::construct;
use godwit_geometry::construct::BufferStyle;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_OffsetCurve",
    category: Category::Processing,
    summary: "Returns the line at a distance from a line, to its left or its right.",
    notes: "A distance above 0 is to the left, in the direction of the line, and one below 0 to \
            the right; the result has the direction of the line. Corners are drawn as \
            `params` says: a list such as `quad_segs=4 join=mitre mitre_limit=2`, with \
            joins round, mitre or bevel. The result has several lines when it falls apart, and no \
            heights.",
    example: "SELECT ST_AsText(ST_OffsetCurve('LINESTRING(0 0, 4 0, 4 4)', 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line or lines."),
            Argument::float("distance", "The distance, above 0 to the left."),
            Argument::text("params", "The style of corners.").optional(),
        ],
        evaluate: |arguments| {
            let distance = arguments.float(1)?;
            (arguments.geometry(0)?, distance, arguments.text_or(2, "")?).map_bytes(
                |(geometry, distance, style)| {
                    construct::offset_curve(geometry, distance, &parse(style)?)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// Returns the style of corners; what is said about ends and sides of buffers is refused.
fn parse(text: &str) -> Result<BufferStyle, GeometryError> {
    let name = |word: &str| word.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let foreign = text.split_whitespace().map(name).find(|name| name == "endcap" || name == "side");
    if let Some(name) = foreign {
        return Err(GeometryError::InvalidArgument {
            reason: format!(
                "an offset curve has no parameter \"{name}\", expected quad_segs, join or \
                 mitre_limit"
            ),
        });
    }
    BufferStyle::parse(text)
}
