//! `h3_polygon_wkt_to_cells`: the cells that fill a polygon written as text.

use godwit_geometry::Geometry;

use super::cell::integers;
use super::fill::{Mode, cells_in};
use super::polygon_text::read_polygons;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_wkt_to_cells",
    category: Category::H3,
    summary: "Returns the cells whose centres lie in polygons written as WKT.",
    notes: "h3_polygon_to_cells takes a geometry.",
    example: "SELECT h3_polygon_wkt_to_cells('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4)",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The polygons as text, in longitude and latitude."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
        ],
        returns: Type::Int64List,
        evaluate: |arguments| {
            (arguments.text(0)?, arguments.integer(1)?).map_i64_list(|(text, number)| {
                let wkb = read_polygons(text)?;
                let cells = cells_in(Geometry::try_new(&wkb)?, number, Mode::Centre)?;
                Ok(cells.as_deref().map(integers))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
