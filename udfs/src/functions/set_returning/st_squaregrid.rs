//! `ST_SquareGrid`: the squares of a grid.

use godwit_geometry::grid::square_grid;

use super::grid::{self, ARGUMENTS, CELLS};
use crate::function::{Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_SquareGrid",
    category: Category::SetReturning,
    summary: "Returns the squares of a grid that meet a box, with their columns and rows.",
    notes: "The grid begins at the origin of the plane, so that the cells of two calls of the same size \
            fit together. In FROM the call is a table with the columns `geom`, `i` and `j`, the \
            column and the row of the cell.",
    example: "SELECT ST_SquareGrid(1, 'POLYGON((0 0, 1 0, 1 1, 0 0))')",
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: CELLS,
        evaluate: |arguments| grid::evaluate(arguments, square_grid),
        ..Overload::BASE
    }],
    ..Function::BASE
};
