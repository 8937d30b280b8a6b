//! `h3_grid_disk_distances_safe`: the cells around a cell with their distances, pentagons or not.

use super::disk_distances::{DISTANCES_OF_NUMBERS, DISTANCES_OF_TEXTS, Walk, distances};
use crate::function::{Argument, Category, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_distances_safe",
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, each with that number.",
    notes: "As h3_grid_disk_distances, but never by the quick way.",
    example: "SELECT h3_grid_disk_distances_safe('8928308280fffff', 1)",
    parity: Parity::Extension(
        "The extension for PostgreSQL returns such records as rows, that for DuckDB a list of \
         lists, one for each distance.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("k", "The number of steps."),
            ],
            returns: DISTANCES_OF_NUMBERS,
            evaluate: |arguments| distances(arguments, Walk::Safe),
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("k", "The number of steps."),
            ],
            returns: DISTANCES_OF_TEXTS,
            evaluate: |arguments| distances(arguments, Walk::Safe),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
