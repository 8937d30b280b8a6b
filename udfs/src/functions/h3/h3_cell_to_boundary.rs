//! `h3_cell_to_boundary`: the outline of a cell.

use geo::MultiPolygon;
use godwit_geometry::from_geo;

use super::cell::Cell;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_boundary",
    aliases: &["ST_H3ToGeom", "h3_cell_to_boundary_geometry"],
    category: Category::H3,
    summary: "Returns the outline of a cell as a polygon in longitude and latitude on WGS 84.",
    notes: "A cell on the antimeridian is cut there and becomes a multipolygon.",
    example: "SELECT ST_AsText(h3_cell_to_boundary('8928308280fffff'), 4)",
    parity: Parity::Extension("The extension for DuckDB has it as h3_cell_to_boundary_wkb."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.integer(0)?.map_bytes(boundary),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.text(0)?.map_bytes(boundary),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the outline of a cell as WKB.
pub(super) fn boundary(cell: impl Cell) -> Option<Vec<u8>> {
    let mut polygons = MultiPolygon::from(cell.cell()?);
    if polygons.0.len() == 1 {
        let only = polygons.0.pop()?;
        return Some(from_geo(&geo::Geometry::Polygon(only)));
    }
    Some(from_geo(&geo::Geometry::MultiPolygon(polygons)))
}
