//! `h3_grid_disk_distances`: the cells around a cell with their distances.

use super::disk_distances::{DISTANCES_OF_NUMBERS, DISTANCES_OF_TEXTS, Walk, distances};
use crate::function::{Argument, Category, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_distances",
    aliases: &["h3_kringdistances"],
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, each with that number.",
    notes: "The order is not defined. More than ten million cells are refused.",
    example: "SELECT h3_grid_disk_distances('8928308280fffff', 1)",
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
            evaluate: |arguments| distances(arguments, Walk::Any),
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("k", "The number of steps."),
            ],
            returns: DISTANCES_OF_TEXTS,
            evaluate: |arguments| distances(arguments, Walk::Any),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
