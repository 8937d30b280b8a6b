//! `h3_polygon_to_cells`: the cells that fill a polygon.

use godwit_geometry::to_geo;
use godwit_geometry::{Geometry, GeometryError};
use h3o::geom::{ContainmentMode, TilerBuilder};

use super::cell::{check_count, integer, resolution};
use super::h3_latlng_to_cell::check_degrees;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_to_cells",
    aliases: &["h3_polyfillash3", "h3_polyfill"],
    category: Category::H3,
    summary: "Returns the cells whose centres lie in the polygons of a geometry.",
    notes: "Cells on the border are in when their centre is, so neighbouring polygons share no \
            cell. Edges are straight in longitude and latitude. Points and lines have no cells. \
            A resolution that is not 0 to 15 gives null, and more than ten million cells are \
            refused.",
    example: "SELECT h3_polygon_to_cells('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4)",
    parity: Parity::Extension(
        "The extensions for PostgreSQL and Snowflake have the function; that for DuckDB takes WKT.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The polygons, in longitude and latitude."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
        ],
        returns: Type::Int64List,
        check: check_degrees,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?)
                .map_i64_list(|(geometry, number)| cells_in(geometry, number))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn cells_in(geometry: Geometry<'_>, number: i64) -> Result<Option<Vec<i64>>, GeometryError> {
    let Some(resolution) = resolution(number) else {
        return Ok(None);
    };
    let mut tiler =
        TilerBuilder::new(resolution).containment_mode(ContainmentMode::ContainsCentroid).build();
    let mut polygons = Vec::new();
    collect_polygons(to_geo(geometry), &mut polygons);
    tiler.add_batch(polygons).map_err(|error| GeometryError::InvalidArgument {
        reason: format!("h3_polygon_to_cells: {error}"),
    })?;
    check_count(u64::try_from(tiler.coverage_size_hint()).unwrap_or(u64::MAX))?;
    let mut cells: Vec<i64> = tiler.into_coverage().map(integer).collect();
    cells.sort_unstable();
    cells.dedup();
    Ok(Some(cells))
}

fn collect_polygons(geometry: geo::Geometry<f64>, polygons: &mut Vec<geo::Polygon<f64>>) {
    match geometry {
        geo::Geometry::Polygon(polygon) if !polygon.exterior().0.is_empty() => {
            polygons.push(polygon);
        }
        geo::Geometry::MultiPolygon(members) => {
            polygons.extend(members.into_iter().filter(|each| !each.exterior().0.is_empty()));
        }
        geo::Geometry::GeometryCollection(members) => {
            for member in members {
                collect_polygons(member, polygons);
            }
        }
        _ => {}
    }
}
