//! `ST_Expand`: the box around a geometry, grown.

use godwit_geometry::{Coord, Geometry, edit};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Expand",
    category: Category::Processing,
    summary: "Returns the box around a geometry, grown by a distance on every side, as a polygon.",
    notes: "An empty geometry is returned as it is. The polygon has heights and measures when the \
            geometry has: the lowest at one side, the highest at the other. A distance below 0 \
            shrinks the box.",
    example: "SELECT ST_AsText(ST_Expand(ST_Point(0, 0), 2))",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("units_to_expand", "The distance along every axis."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.float(1)?).map_bytes(|(geometry, by)| {
                    edit::expand(geometry, Coord { x: by, y: by, z: by, m: by })
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("dx", "The distance along X."),
                Argument::float("dy", "The distance along Y."),
                Argument::float("dz", "The distance along Z, else 0.").default("0"),
                Argument::float("dm", "What measures grow by, else 0.").optional(),
            ],
            evaluate: |arguments| {
                let geometry = arguments.geometry(0)?;
                match arguments.len() {
                    3 => (geometry, arguments.floats::<2>(1)?)
                        .map_bytes(|(geometry, [x, y])| expand(geometry, [x, y, 0.0, 0.0])),
                    4 => (geometry, arguments.floats::<3>(1)?)
                        .map_bytes(|(geometry, [x, y, z])| expand(geometry, [x, y, z, 0.0])),
                    _ => (geometry, arguments.floats::<4>(1)?)
                        .map_bytes(|(geometry, by)| expand(geometry, by)),
                }
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn expand(geometry: Geometry<'_>, [x, y, z, m]: [f64; 4]) -> Vec<u8> {
    edit::expand(geometry, Coord { x, y, z, m })
}
