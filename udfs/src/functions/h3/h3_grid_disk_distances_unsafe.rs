//! `h3_grid_disk_distances_unsafe`: the cells around a cell with their distances, away from pentagons.

use super::cell::{CELL_AND_STEPS, TEXT_AND_STEPS};
use super::disk_distances::{DISTANCES_OF_NUMBERS, DISTANCES_OF_TEXTS, PARITY, Walk, distances};
use crate::function::{Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_distances_unsafe",
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, each with that number.",
    notes: "Null when a pentagon is in the way; h3_grid_disk_distances has no such limit.",
    example: "SELECT h3_grid_disk_distances_unsafe('8928308280fffff', 1)",
    parity: PARITY,
    overloads: &[
        Overload {
            arguments: CELL_AND_STEPS,
            returns: DISTANCES_OF_NUMBERS,
            evaluate: |arguments| distances(arguments, Walk::Unsafe),
            ..Overload::BASE
        },
        Overload {
            arguments: TEXT_AND_STEPS,
            returns: DISTANCES_OF_TEXTS,
            evaluate: |arguments| distances(arguments, Walk::Unsafe),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
