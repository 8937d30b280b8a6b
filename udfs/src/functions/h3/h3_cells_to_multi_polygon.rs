//! `h3_cells_to_multi_polygon`: the outline of many cells.

use arrow::array::ArrayRef;
use godwit_geometry::GeometryError;

use super::cell::cells_of;
use super::outline::outline;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cells_to_multi_polygon",
    aliases: &["h3_cells_to_multi_polygon_geometry", "h3_cells_to_multi_polygon_wkb"],
    category: Category::H3,
    summary: "Returns the outline of cells as a multipolygon in longitude and latitude on WGS 84.",
    notes: "Sides that two cells share are gone. Cells may have different resolutions. The \
            outline is cut at the antimeridian and runs along it around a pole. Null when one of \
            the values is not a cell.",
    example: "SELECT ST_AsText(h3_cells_to_multi_polygon(h3_grid_disk('8928308280fffff', 1)), 4)",
    parity: Parity::Extension(
        "The extensions for PostgreSQL and DuckDB have it as h3_cells_to_multi_polygon_wkb.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::new("cells", Type::Int64List, "The cells.")],
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.list(0)?.map_bytes(|cells| outline_of(&cells)),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::new(
                "cells",
                Type::TextList,
                "The cells in hexadecimal digits.",
            )],
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.list(0)?.map_bytes(|cells| outline_of(&cells)),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the outline of the cells of a list as WKB.
pub(super) fn outline_of(list: &ArrayRef) -> Result<Option<Vec<u8>>, GeometryError> {
    cells_of(list).map_or(Ok(None), outline)
}
