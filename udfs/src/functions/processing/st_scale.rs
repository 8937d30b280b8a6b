//! `ST_Scale`: a geometry made larger or smaller.

use godwit_geometry::{Coord, Geometry, GeometryError, edit};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::functions::expect::{self, refusal};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Scale",
    category: Category::Processing,
    summary: "Returns a geometry with its ordinates multiplied by factors.",
    notes: "Factors can be given as a point, whose height and measure then count too, together \
            with the point that stays where it is, else the origin of coordinates.",
    example: "SELECT ST_AsText(ST_Scale('LINESTRING(0 0, 1 1)', 2, 3))",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("xfactor", "The factor of X."),
                Argument::float("yfactor", "The factor of Y."),
                Argument::float("zfactor", "The factor of Z.").optional(),
            ],
            evaluate: |arguments| {
                let geometry = arguments.geometry(0)?;
                if arguments.len() == 3 {
                    return (geometry, arguments.floats::<2>(1)?).map_bytes(
                        |(geometry, [x, y])| edit::scale(geometry, Coord::xy(x, y), None),
                    );
                }
                (geometry, arguments.floats::<3>(1)?).map_bytes(|(geometry, [x, y, z])| {
                    edit::scale(geometry, Coord::xyz(x, y, z), None)
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::geometry("factor", "A point whose ordinates are the factors."),
                Argument::geometry("origin", "The point that stays where it is.").optional(),
            ],
            evaluate: |arguments| {
                let (geometry, factor) = (arguments.geometry(0)?, arguments.geometry(1)?);
                if arguments.len() == 2 {
                    return (geometry, factor)
                        .map_bytes(|(geometry, factor)| scale(geometry, factor, None));
                }
                (geometry, factor, arguments.geometry(2)?)
                    .map_bytes(|(geometry, factor, origin)| scale(geometry, factor, Some(origin)))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn scale(
    geometry: Geometry<'_>,
    factor: Geometry<'_>,
    origin: Option<Geometry<'_>>,
) -> Result<Vec<u8>, GeometryError> {
    let missing = || refusal("ST_Scale: the factor and the origin cannot be empty");
    let factor = expect::point(FUNCTION.title, factor)?.ok_or_else(missing)?;
    let origin = match origin {
        Some(origin) => Some(expect::point(FUNCTION.title, origin)?.ok_or_else(missing)?),
        None => None,
    };
    Ok(edit::scale(geometry, factor, origin))
}
