//! `ST_SnapToGrid`: coordinates moved to a grid.

use godwit_geometry::edit::{Grid, snap_to_grid};
use godwit_geometry::{Coord, Geometry};

use crate::function::{Argument, Category, CrsRule, Function, Kinds, Overload};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SnapToGrid",
    category: Category::Processing,
    summary: "Returns a geometry with its coordinates moved to the nodes of a grid.",
    notes: "Vertices that come to repeat the one before are left out, and so are lines, rings and \
            members that collapse. Rings may come to cross; ST_ReducePrecision keeps polygons \
            valid. Along an axis with a size of 0, ordinates stay as they are. Halves go to the \
            even node.",
    example: "SELECT ST_AsText(ST_SnapToGrid('LINESTRING(0.26 0.31, 1.04 0.98)', 0.1))",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("size", "The distance of nodes along X and Y."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.float(1)?)
                    .map_bytes(|(geometry, size)| snap(geometry, ORIGIN, Coord::xy(size, size)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("sizex", "The distance of nodes along X."),
                Argument::float("sizey", "The distance of nodes along Y."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.floats::<2>(1)?)
                    .map_bytes(|(geometry, [x, y])| snap(geometry, ORIGIN, Coord::xy(x, y)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("originx", "X of a node."),
                Argument::float("originy", "Y of a node."),
                Argument::float("sizex", "The distance of nodes along X."),
                Argument::float("sizey", "The distance of nodes along Y."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.floats::<4>(1)?).map_bytes(
                    |(geometry, [origin_x, origin_y, x, y])| {
                        snap(geometry, Coord::xy(origin_x, origin_y), Coord::xy(x, y))
                    },
                )
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::geometry("pointorigin", "A node; where the axes cross if it is empty."),
                Argument::float("sizex", "The distance of nodes along X."),
                Argument::float("sizey", "The distance of nodes along Y."),
                Argument::float("sizez", "The distance of nodes along Z."),
                Argument::float("sizem", "The distance of measures."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?, arguments.floats::<4>(2)?)
                    .map_bytes(|(geometry, origin, [x, y, z, m])| {
                        let origin = expect::point(FUNCTION.title, origin)?.unwrap_or(ORIGIN);
                        Ok(snap(geometry, origin, Coord { x, y, z, m }))
                    })
            },
            crs: CrsRule::First,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

const ORIGIN: Coord = Coord::xy(0.0, 0.0);

fn snap(geometry: Geometry<'_>, origin: Coord, size: Coord) -> Vec<u8> {
    snap_to_grid(geometry, &Grid { origin, size })
}
