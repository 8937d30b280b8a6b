//! `ST_Buffer`: everything within a distance of a geometry.

use godwit_geometry::construct;
use godwit_geometry::construct::{BufferStyle, UnitCircle};

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
    ],
    ..Function::BASE
};
