//! `h3_polygon_to_cells_experimental`: the cells of a polygon, by a rule.

use super::cell::IndexRows as _;
use super::fill::{MODES, Mode, cells_in};
use super::h3_latlng_to_cell::check_degrees;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_to_cells_experimental",
    aliases: &["h3_polygon_wkb_to_cells_experimental"],
    category: Category::H3,
    summary: "Returns the cells that belong to the polygons of a geometry by a rule.",
    notes: MODES,
    example: "SELECT h3_polygon_to_cells_experimental('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4, 'overlap')",
    parity: Parity::Extension("The extensions for DuckDB and PostgreSQL have the function."),
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
    Argument::text("mode", "Which cells belong to a polygon.").optional(),
];

/// Returns the cells of polygons by a rule, in the form of the result.
pub(super) fn filled(arguments: &Arguments<'_>) -> Evaluated {
    let (geometries, numbers) = (arguments.geometry(0)?, arguments.integer(1)?);
    if arguments.len() == 2 {
        return (geometries, numbers).map_indexes(arguments.result, |(geometry, number)| {
            cells_in(geometry, number, Mode::Centre)
        });
    }
    (geometries, numbers, arguments.text(2)?)
        .map_indexes(arguments.result, |(geometry, number, mode)| {
            cells_in(geometry, number, Mode::parse(mode)?)
        })
}
