//! `ST_Square`: a square of a grid.

use godwit_geometry::grid;

use super::grid_cell::cells;
use crate::function::{Argument, Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_Square",
    category: Category::Constructor,
    summary: "Returns the square of a grid in a column and row.",
    notes: "Squares have sides of `size`, and the one in column and row 0 has its lower left \
            corner at the origin. Counts may be below 0. The reference system is that of the \
            origin.",
    example: "SELECT ST_AsText(ST_Square(2, 1, 0))",
    overloads: &[Overload {
        arguments: &[
            Argument::float("size", "The length of an edge."),
            Argument::integer("cell_i", "The column."),
            Argument::integer("cell_j", "The row."),
            Argument::geometry("origin", "The point counts start at, (0 0) if left out.")
                .optional(),
        ],
        evaluate: |arguments| cells(arguments, grid::square),
        ..Overload::BASE
    }],
    ..Function::BASE
};
