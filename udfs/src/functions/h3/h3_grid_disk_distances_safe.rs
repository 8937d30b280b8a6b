//! `h3_grid_disk_distances_safe`: the cells around a cell with their distances, pentagons or not.

use super::cell::{CELL_AND_STEPS, TEXT_AND_STEPS};
use super::disk_distances::{DISTANCES_OF_NUMBERS, DISTANCES_OF_TEXTS, PARITY, Walk, distances};
use crate::function::{Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_distances_safe",
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, each with that number.",
    notes: "As h3_grid_disk_distances, but never by the quick way.",
    example: "SELECT h3_grid_disk_distances_safe('8928308280fffff', 1)",
    parity: PARITY,
    overloads: &[
        Overload {
            arguments: CELL_AND_STEPS,
            returns: DISTANCES_OF_NUMBERS,
            evaluate: |arguments| distances(arguments, Walk::Safe),
            ..Overload::BASE
        },
        Overload {
            arguments: TEXT_AND_STEPS,
            returns: DISTANCES_OF_TEXTS,
            evaluate: |arguments| distances(arguments, Walk::Safe),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
