//! `h3_cell_to_latlng`: the centre of a cell.

use godwit_geometry::write;
use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_latlng",
    aliases: &["h3_cell_to_point", "h3_cell_to_geometry"],
    category: Category::H3,
    summary: "Returns the centre of a cell as a point in longitude and latitude on WGS 84.",
    notes: "As in every geometry, the longitude comes first.",
    example: "SELECT ST_AsText(h3_cell_to_latlng('8928308280fffff'), 6)",
    parity: Parity::Extension(
        "The extension for PostgreSQL also returns a point; that for DuckDB returns a list of latitude and longitude.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.integer(0)?.map_bytes(centre),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.text(0)?.map_bytes(centre),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn centre(cell: impl Cell) -> Option<Vec<u8>> {
    let centre = LatLng::from(cell.cell()?);
    Some(write::point_xy(centre.lng(), centre.lat()))
}
