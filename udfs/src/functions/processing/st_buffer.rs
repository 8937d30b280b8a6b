//! `ST_Buffer`: everything within a distance of a geometry.

use godwit_geometry::construct::{BufferStyle, UnitCircle};
use godwit_geometry::{GeometryError, construct};

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Buffer",
    category: Category::Processing,
    summary: "Returns everything within a distance of a geometry, as a polygon or multipolygon.",
    notes: "The distance is in units of the reference system. A distance below 0 shrinks \
            polygons. A quarter of a circle has `quad_segs` segments, 8 if left out. A style \
            text is a list such as `quad_segs=4 endcap=flat join=mitre mitre_limit=5 side=left`; \
            end caps are round, flat or square, and joins round, mitre or bevel.",
    example: "SELECT ST_AsText(ST_Buffer(ST_Point(0, 0), 1, 1))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("radius", "The distance."),
                Argument::integer("quad_segs", "The segments of a quarter circle.").optional(),
            ],
            evaluate: |arguments| {
                let (geometry, distance) = (arguments.geometry(0)?, arguments.float(1)?);
                if arguments.len() == 2 {
                    let style = BufferStyle::default();
                    let circle = UnitCircle::new(&style);
                    return (geometry, distance).map_appended(|(geometry, distance), bytes| {
                        construct::append_buffer(bytes, geometry, distance, &style, &circle)
                    });
                }
                (geometry, distance, arguments.integer(2)?).map_bytes(
                    |(geometry, distance, quad_segs)| {
                        let quad_segs = u32::try_from(quad_segs.clamp(1, 1000)).unwrap_or(8);
                        let style = BufferStyle { quad_segs, ..BufferStyle::default() };
                        construct::buffer(geometry, distance, &style)
                    },
                )
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("radius", "The distance."),
                Argument::text("options", "The style of circles, ends and corners."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.float(1)?, arguments.text(2)?).map_bytes(
                    |(geometry, distance, style)| {
                        construct::buffer(geometry, distance, &BufferStyle::parse(style)?)
                    },
                )
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("radius", "The distance."),
                Argument::integer("quad_segs", "The segments of a quarter circle."),
                Argument::text("cap", "The ends: `CAP_ROUND`, `CAP_FLAT` or `CAP_SQUARE`."),
                Argument::text("join", "The corners: `JOIN_ROUND`, `JOIN_MITRE` or `JOIN_BEVEL`."),
                Argument::float("mitre_limit", "How far a mitre may reach, in distances."),
            ],
            evaluate: |arguments| {
                let size = (arguments.geometry(0)?, arguments.float(1)?, arguments.integer(2)?);
                let style = (arguments.text(3)?, arguments.text(4)?, arguments.float(5)?);
                (size, style).map_bytes(|((geometry, distance, quad_segs), (cap, join, limit))| {
                    let style = style_of(quad_segs, cap, join, limit)?;
                    construct::buffer(geometry, distance, &style)
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the style of ends and corners that have names of their own.
fn style_of(
    quad_segs: i64,
    cap: &str,
    join: &str,
    mitre_limit: f64,
) -> Result<BufferStyle, GeometryError> {
    let plain = |name: &str, prefix: &str| {
        let name = name.to_ascii_lowercase();
        name.strip_prefix(prefix).map_or_else(|| name.clone(), str::to_owned)
    };
    let (cap, join) = (plain(cap, "cap_"), plain(join, "join_"));
    let quad_segs = quad_segs.clamp(1, 1000);
    let words = format!("quad_segs={quad_segs} endcap={cap} join={join} mitre_limit={mitre_limit}");
    BufferStyle::parse(&words)
}
