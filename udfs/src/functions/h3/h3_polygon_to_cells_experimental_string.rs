//! `h3_polygon_to_cells_experimental_string`: the cells of a polygon by a rule, in hexadecimal digits.

use super::cell::texts;
use super::fill::{MODES, Mode, cells_in};
use super::h3_latlng_to_cell::check_degrees;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_to_cells_experimental_string",
    aliases: &["h3_polygon_wkb_to_cells_experimental_string"],
    category: Category::H3,
    summary: "Returns the cells that belong to the polygons of a geometry by a rule, in hexadecimal \
              digits.",
    notes: MODES,
    example: "SELECT h3_polygon_to_cells_experimental_string('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4, 'overlap')",
    parity: Parity::Extension("The extensions for DuckDB and PostgreSQL have the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The polygons, in longitude and latitude."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
            Argument::text("mode", "Which cells belong to a polygon.").optional(),
        ],
        returns: Type::TextList,
        check: check_degrees,
        evaluate: |arguments| {
            let (geometries, numbers) = (arguments.geometry(0)?, arguments.integer(1)?);
            if arguments.len() == 2 {
                return (geometries, numbers).map_text_list(|(geometry, number)| {
                    Ok(cells_in(geometry, number, Mode::Centre)?.as_deref().map(texts))
                });
            }
            (geometries, numbers, arguments.text(2)?).map_text_list(|(geometry, number, mode)| {
                Ok(cells_in(geometry, number, Mode::parse(mode)?)?.as_deref().map(texts))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
