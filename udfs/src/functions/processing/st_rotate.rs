//! `ST_Rotate`: a geometry turned in the plane.

use godwit_geometry::edit::Affine;
use godwit_geometry::{Geometry, GeometryError};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Rotate",
    aliases: &["ST_RotateZ"],
    category: Category::Processing,
    summary: "Returns a geometry turned anticlockwise by an angle in radians.",
    notes: "It is turned around the origin of coordinates, or around a point. Heights and measures \
            stay as they are. An empty point to turn around gives null.",
    example: "SELECT ST_AsText(ST_Rotate('LINESTRING(0 0, 2 0)', pi()))",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("rotradians", "The angle."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.float(1)?).map_bytes(|(geometry, angle)| {
                    Affine::around([0.0, 0.0], angle).apply(geometry)
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("rotradians", "The angle."),
                Argument::float("x0", "X of the position that stays where it is."),
                Argument::float("y0", "Y of the position that stays where it is."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.floats::<3>(1)?).map_bytes(
                    |(geometry, [angle, x, y])| Affine::around([x, y], angle).apply(geometry),
                )
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("rotradians", "The angle."),
                Argument::geometry("pointorigin", "The point that stays where it is."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.float(1)?, arguments.geometry(2)?)
                    .map_bytes(|(geometry, angle, origin)| rotate_around(geometry, angle, origin))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn rotate_around(
    geometry: Geometry<'_>,
    angle: f64,
    origin: Geometry<'_>,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let origin = expect::point(FUNCTION.title, origin)?;
    Ok(origin.map(|origin| Affine::around([origin.x, origin.y], angle).apply(geometry)))
}
