//! `h3_grid_disk_distances_unsafe`: the cells around a cell with their distances, away from pentagons.

use super::disk_distances::{DISTANCES_OF_NUMBERS, DISTANCES_OF_TEXTS, Walk, distances};
use crate::function::{Argument, Category, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_distances_unsafe",
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, each with that number.",
    notes: "Null when a pentagon is in the way; h3_grid_disk_distances has no such limit.",
    example: "SELECT h3_grid_disk_distances_unsafe('8928308280fffff', 1)",
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
            evaluate: |arguments| distances(arguments, Walk::Unsafe),
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("k", "The number of steps."),
            ],
            returns: DISTANCES_OF_TEXTS,
            evaluate: |arguments| distances(arguments, Walk::Unsafe),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
