//! `h3_grid_disk_distances`: the cells around a cell with their distances.

use super::cell::{CELL_AND_STEPS, TEXT_AND_STEPS};
use super::disk_distances::{DISTANCES_OF_NUMBERS, DISTANCES_OF_TEXTS, PARITY, Walk, distances};
use crate::function::{Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_distances",
    aliases: &["h3_kringdistances"],
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, each with that number.",
    notes: "The order is not defined. More than ten million cells are refused.",
    example: "SELECT h3_grid_disk_distances('8928308280fffff', 1)",
    parity: PARITY,
    overloads: &[
        Overload {
            arguments: CELL_AND_STEPS,
            returns: DISTANCES_OF_NUMBERS,
            evaluate: |arguments| distances(arguments, Walk::Any),
            ..Overload::BASE
        },
        Overload {
            arguments: TEXT_AND_STEPS,
            returns: DISTANCES_OF_TEXTS,
            evaluate: |arguments| distances(arguments, Walk::Any),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
