//! `h3_polygon_wkt_to_cells_experimental_string`: the cells of a polygon written as text, by a rule.

use godwit_geometry::Geometry;

use super::cell::texts;
use super::fill::{Mode, cells_in};
use super::polygon_text::read_polygons;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_wkt_to_cells_experimental_string",
    category: Category::H3,
    summary: "Returns the cells that belong to polygons written as WKT by a rule, in hexadecimal \
              digits.",
    notes: "The modes are those of h3_polygon_to_cells_experimental, which takes a geometry.",
    example: "SELECT h3_polygon_wkt_to_cells_experimental_string('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4, 'full')",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The polygons as text, in longitude and latitude."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
            Argument::text("mode", "Which cells belong to a polygon."),
        ],
        returns: Type::TextList,
        evaluate: |arguments| {
            let (polygons, numbers) = (arguments.text(0)?, arguments.integer(1)?);
            (polygons, numbers, arguments.text(2)?).map_text_list(|(text, number, mode)| {
                let wkb = read_polygons(text)?;
                let cells = cells_in(Geometry::try_new(&wkb)?, number, Mode::parse(mode)?)?;
                Ok(cells.as_deref().map(texts))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
