//! `ST_AsMVTGeom`: a geometry on the grid of a vector tile.

use godwit_geometry::mvt::{TileGrid, place};
use godwit_geometry::{Geometry, GeometryError};

use crate::function::{Argument, Category, Function, Nulls, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsMVTGeom",
    category: Category::Output,
    summary: "Returns a geometry on the grid of a vector tile, cut at its border; null when \
              nothing is left.",
    notes: "Y grows downwards on the grid, and coordinates are whole numbers. Of a collection, the \
            members of the highest dimension remain. Lines and polygons of less than half a cell \
            vanish. Polygons are made valid. The geometry must be in the reference system of the \
            tile. Points and lines keep Z, which is NaN where a line is cut, and M unless anything is \
            cut off.",
    example: "SELECT ST_AsText(ST_AsMVTGeom(ST_Point(1, 2), ST_MakeEnvelope(0, 0, 10, 10), 100))",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::geometry("bounds", "The box of the tile, without its buffer."),
            Argument::integer("extent", "The cells on a side of the tile, 4096 if left out.")
                .default("4096"),
            Argument::integer(
                "buffer",
                "How many cells beyond the border to keep, 256 if left out.",
            )
            .default("256"),
            Argument::new("clip_geom", Type::Boolean, "Whether to cut; true if left out.")
                .optional(),
        ],
        evaluate: |arguments| {
            let options = (
                arguments.integer_or(2, 4096)?.for_nulls(),
                arguments.integer_or(3, 256)?.for_nulls(),
                arguments.boolean_or(4, true)?.for_nulls(),
            );
            (arguments.geometry(0)?, arguments.geometry(1)?, options).map_bytes(
                |(geometry, bounds, (extent, buffer, is_cut))| {
                    on_grid(geometry, bounds, extent, is_cut.then_some(buffer))
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn on_grid(
    geometry: Geometry<'_>,
    bounds: Geometry<'_>,
    extent: i64,
    buffer: Option<i64>,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let bounds = bounds.bounds().ok_or_else(|| GeometryError::InvalidArgument {
        reason: "ST_AsMVTGeom: the bounds must not be empty".to_owned(),
    })?;
    place(geometry, &TileGrid::new(bounds, extent, buffer)?)
}
