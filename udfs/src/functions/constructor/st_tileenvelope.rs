//! `ST_TileEnvelope`: the rectangle of a tile of a web map.

use godwit_geometry::tile::{WEB_MERCATOR, tile_bounds};
use godwit_geometry::{Bounds, Coord, Dimension, GeometryError, write};

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_TileEnvelope",
    category: Category::Constructor,
    summary: "Returns the rectangle of a tile of a web map.",
    notes: "The tile at 0, 0 is the upper left one. Without `bounds`, the world is that of Web \
            Mercator, EPSG:3857. A margin of 1 is the width of a tile, on every side.",
    example: "SELECT ST_AsEWKT(ST_TileEnvelope(1, 0, 0), 2)",
    overloads: &[
        Overload {
            arguments: &[ZOOM, X, Y],
            crs: CrsRule::Code(3857),
            evaluate: |arguments| {
                (arguments.integer(0)?, arguments.integer(1)?, arguments.integer(2)?)
                    .map_bytes(|(zoom, x, y)| rectangle([zoom, x, y], &WEB_MERCATOR, 0.0))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                ZOOM,
                X,
                Y,
                BOUNDS,
                Argument::float("margin", "How many tile widths to add on every side.").optional(),
            ],
            evaluate: |arguments| {
                let tile = (arguments.integer(0)?, arguments.integer(1)?, arguments.integer(2)?);
                (tile, arguments.geometry(3)?, arguments.float_or(4, 0.0)?).map_bytes(
                    |((zoom, x, y), world, margin)| {
                        let world = world.bounds().unwrap_or(Bounds::point(0.0, 0.0));
                        rectangle([zoom, x, y], &world, margin)
                    },
                )
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// The world of Web Mercator is what a call means that gives a margin alone.
const BOUNDS: Argument = Argument::geometry("bounds", "What the one tile at zoom 0 covers.")
    .default(
        "ST_MakeEnvelope(-20037508.342789244, -20037508.342789244, 20037508.342789244, \
         20037508.342789244, 3857)",
    );
const ZOOM: Argument = Argument::integer("zoom", "The zoom level, from 0 to 31.");
const X: Argument = Argument::integer("x", "The column, from the left.");
const Y: Argument = Argument::integer("y", "The row, from above.");

fn rectangle(
    [zoom, x, y]: [i64; 3],
    world: &Bounds,
    margin: f64,
) -> Result<Vec<u8>, GeometryError> {
    let tile = tile_bounds(zoom, x, y, world, margin)?;
    // A margin of -0.5 leaves a polygon without an extent.
    let ring = [
        Coord::xy(tile.xmin, tile.ymin),
        Coord::xy(tile.xmin, tile.ymax),
        Coord::xy(tile.xmax, tile.ymax),
        Coord::xy(tile.xmax, tile.ymin),
        Coord::xy(tile.xmin, tile.ymin),
    ];
    Ok(write::polygon([ring], Dimension::Xy))
}
