//! `h3_cell_to_point`: the centre of a cell as a point.

use godwit_geometry::write;
use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_point",
    aliases: &["h3_cell_to_geometry", "h3_centeraswkb"],
    category: Category::H3,
    summary: "Returns the centre of a cell as a point in longitude and latitude on WGS 84.",
    notes: "As in every geometry, the longitude comes first; h3_cell_to_latlng returns the latitude \
            first.",
    example: "SELECT ST_AsText(h3_cell_to_point('8928308280fffff'), 6)",
    parity: Parity::Extension(
        "Snowflake has the function; the extension for PostgreSQL has it as h3_cell_to_geometry.",
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

/// Returns the centre of a cell as WKB.
pub(super) fn centre(cell: impl Cell) -> Option<Vec<u8>> {
    let centre = LatLng::from(cell.cell()?);
    Some(write::point_xy(centre.lng(), centre.lat()))
}
