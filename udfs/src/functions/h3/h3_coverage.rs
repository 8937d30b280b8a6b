//! `h3_coverage`: the cells that cover a geometry.

use super::cell::IndexRows as _;
use super::fill::cells_over;
use super::h3_latlng_to_cell::check_degrees;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_coverage",
    aliases: &["h3_coverash3", "h3_try_coverash3", "h3_try_coverage"],
    category: Category::H3,
    summary: "Returns the cells that share a position with a geometry.",
    notes: "Takes points, lines and polygons. Edges are straight in longitude and latitude. A \
            resolution that is not 0 to 15 gives null, and more than ten million cells are \
            refused.",
    example: "SELECT h3_coverage('LINESTRING(24 59, 25 60)', 4)",
    parity: Parity::Extension("Snowflake has the function; Databricks has it as h3_coverash3."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Int64List,
        check: check_degrees,
        evaluate: covered,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What the function takes, whatever form it answers in.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::geometry("geom", "The geometry, in longitude and latitude."),
    Argument::integer("resolution", "The resolution, 0 to 15."),
];

/// Returns the cells that cover geometries, in the form of the result.
pub(super) fn covered(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.geometry(0)?, arguments.integer(1)?)
        .map_indexes(arguments.result, |(geometry, number)| cells_over(geometry, number))
}
