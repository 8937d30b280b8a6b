//! `h3_polygon_to_cells_string`: the cells that fill a polygon in hexadecimal digits.

use super::h3_latlng_to_cell::check_degrees;
use super::h3_polygon_to_cells::{ARGUMENTS, filled};
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_to_cells_string",
    aliases: &[
        "h3_polygon_wkb_to_cells_string",
        "h3_polygon_to_cells_strings",
        "h3_polyfillash3string",
        "h3_try_polyfillash3string",
        "h3_try_polygon_to_cells_strings",
    ],
    category: Category::H3,
    summary: "Returns the cells whose centres lie in the polygons of a geometry, in hexadecimal \
              digits.",
    notes: "Cells on the border are in when their centre is, so neighbouring polygons share no \
            cell. Edges are straight in longitude and latitude. Points and lines have no cells. \
            A resolution that is not 0 to 15 gives null, and more than ten million cells are \
            refused.",
    example: "SELECT h3_polygon_to_cells_string('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4)",
    parity: Parity::Extension("The extensions for PostgreSQL and Snowflake have the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::TextList,
        check: check_degrees,
        evaluate: filled,
        ..Overload::BASE
    }],
    ..Function::BASE
};
