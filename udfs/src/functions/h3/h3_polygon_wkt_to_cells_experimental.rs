//! `h3_polygon_wkt_to_cells_experimental`: the cells of a polygon written as text, by a rule.

use godwit_geometry::Geometry;

use super::cell::IndexRows as _;
use super::fill::{Mode, cells_in};
use super::polygon_text::read_polygons;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_wkt_to_cells_experimental",
    category: Category::H3,
    summary: "Returns the cells that belong to polygons written as WKT by a rule.",
    notes: "The modes are those of h3_polygon_to_cells_experimental, which takes a geometry.",
    example: "SELECT h3_polygon_wkt_to_cells_experimental('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4, 'full')",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Int64List,
        evaluate: filled,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What the function takes, whatever form it answers in.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::text("wkt", "The polygons as text, in longitude and latitude."),
    Argument::integer("resolution", "The resolution, 0 to 15."),
    Argument::text("mode", "Which cells belong to a polygon."),
];

/// Returns the cells of polygons by a rule, in the form of the result.
pub(super) fn filled(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.text(0)?, arguments.integer(1)?, arguments.text(2)?).map_indexes(
        arguments.result,
        |(text, number, mode)| {
            cells_in(Geometry::try_new(&read_polygons(text)?)?, number, Mode::parse(mode)?)
        },
    )
}
