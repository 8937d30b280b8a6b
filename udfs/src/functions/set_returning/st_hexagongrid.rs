//! `ST_HexagonGrid`: the hexagons of a grid.

use godwit_geometry::grid::hexagon_grid;

use super::grid::{self, ARGUMENTS, CELLS};
use crate::function::{Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_HexagonGrid",
    category: Category::SetReturning,
    summary: "Returns the hexagons of a grid that meet a box, with their columns and rows.",
    notes: "The grid begins at the origin of the plane, so that the cells of two calls of the same size \
            fit together. Odd columns lie half a hexagon higher. In FROM the call is a table with \
            the columns `geom`, `i` and `j`, the column and the row of the cell.",
    example: "SELECT ST_HexagonGrid(1, 'POLYGON((0 0, 1 0, 1 1, 0 0))')",
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: CELLS,
        evaluate: |arguments| grid::evaluate(arguments, hexagon_grid),
        ..Overload::BASE
    }],
    ..Function::BASE
};
