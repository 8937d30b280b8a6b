//! `ST_Buffer` of geographies: in the projection that suits the region.

use godwit_geometry::construct::{self, BufferStyle};
use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, geodesic, write};

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[
    Overload {
        arguments: &[
            Argument::geography("geom", "The geography."),
            Argument::float("radius", "The distance in metres."),
            Argument::integer("quad_segs", "The segments of a quarter circle.").optional(),
        ],
        returns: Type::Geography,
        evaluate: |arguments| {
            let (geographies, distances) = (arguments.geometry(0)?, arguments.float(1)?);
            if arguments.len() == 2 {
                return (geographies, distances).map_bytes(|(geography, distance)| {
                    buffer(geography, distance, &BufferStyle::default())
                });
            }
            (geographies, distances, arguments.integer(2)?).map_bytes(
                |(geography, distance, quad_segs)| {
                    let quad_segs = u32::try_from(quad_segs.clamp(1, 1000)).unwrap_or(8);
                    let style = BufferStyle { quad_segs, ..BufferStyle::default() };
                    buffer(geography, distance, &style)
                },
            )
        },
        ..Overload::BASE
    },
    Overload {
        arguments: &[
            Argument::geography("geom", "The geography."),
            Argument::float("radius", "The distance in metres."),
            Argument::text("options", "The style of circles, ends and corners."),
        ],
        returns: Type::Geography,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?, arguments.text(2)?).map_bytes(
                |(geography, distance, style)| {
                    buffer(geography, distance, &BufferStyle::parse(style)?)
                },
            )
        },
        ..Overload::BASE
    },
];

fn buffer(
    geography: Geometry<'_>,
    distance: f64,
    style: &BufferStyle,
) -> Result<Vec<u8>, GeometryError> {
    let work = |planar: Geometry<'_>| construct::buffer(planar, distance, style);
    let buffer = geodesic::in_plane(geography, work)?;
    Ok(buffer.unwrap_or_else(|| write::empty(Kind::Polygon, Dimension::Xy)))
}
