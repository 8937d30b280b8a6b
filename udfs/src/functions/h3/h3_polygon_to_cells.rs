//! `h3_polygon_to_cells`: the cells that fill a polygon.

use super::cell::IndexRows as _;
use super::fill::{Mode, cells_in};
use super::h3_latlng_to_cell::check_degrees;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_to_cells",
    aliases: &[
        "h3_polygon_wkb_to_cells",
        "h3_polyfillash3",
        "h3_try_polyfillash3",
        "h3_polyfill",
        "h3_try_polygon_to_cells",
    ],
    category: Category::H3,
    summary: "Returns the cells whose centres lie in the polygons of a geometry.",
    notes: "Cells on the border are in when their centre is, so neighbouring polygons share no \
            cell. Edges are straight in longitude and latitude. Points and lines have no cells. \
            A resolution that is not 0 to 15 gives null, and more than ten million cells are \
            refused.",
    example: "SELECT h3_polygon_to_cells('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4)",
    parity: Parity::Extension("The extensions for PostgreSQL and Snowflake have the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Int64List,
        check: check_degrees,
        evaluate: filled,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What the function takes, whatever form it answers in.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::geometry("geom", "The polygons, in longitude and latitude."),
    Argument::integer("resolution", "The resolution, 0 to 15."),
];

/// Returns the cells of polygons, in the form of the result.
pub(super) fn filled(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.geometry(0)?, arguments.integer(1)?)
        .map_indexes(arguments.result, |(geometry, number)| {
            cells_in(geometry, number, Mode::Centre)
        })
}
