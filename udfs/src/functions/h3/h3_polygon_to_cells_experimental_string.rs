//! `h3_polygon_to_cells_experimental_string`: the cells of a polygon by a rule, in hexadecimal digits.

use super::fill::MODES;
use super::h3_latlng_to_cell::check_degrees;
use super::h3_polygon_to_cells_experimental::{ARGUMENTS, filled};
use crate::function::{Category, Function, Overload, Parity, Type};

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
        arguments: ARGUMENTS,
        returns: Type::TextList,
        check: check_degrees,
        evaluate: filled,
        ..Overload::BASE
    }],
    ..Function::BASE
};
