//! `h3_cell_to_boundary`: the outline of a cell.

use geo::{Coord, LineString, Polygon};
use godwit_geometry::{Dimension, Kind, from_geo, write};

use super::cell::Cell;
use super::outline::{crosses_antimeridian, cut};
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
    let corners = cell.cell()?.boundary();
    let corners = corners.iter().map(|at| Coord { x: at.lng(), y: at.lat() });
    let polygon = Polygon::new(corners.collect::<LineString>(), Vec::new());
    if !crosses_antimeridian(&polygon) {
        return Some(from_geo(&geo::Geometry::Polygon(polygon)));
    }
    let parts = cut(&polygon).ok()?;
    if let [only] = parts.as_slice() {
        return Some(only.clone());
    }
    Some(write::collection(Kind::MultiPolygon, Dimension::Xy, &parts))
}
