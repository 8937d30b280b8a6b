//! `ST_Hexagon`: a hexagon of a grid.

use godwit_geometry::grid;

use super::grid_cell::cells;
use crate::function::{Argument, Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_Hexagon",
    category: Category::Constructor,
    summary: "Returns the hexagon of a grid in a column and row.",
    notes: "Hexagons have edges of `size`, two of them level, and the one in column and row 0 has \
            its centre at the origin. Odd columns lie half a hexagon higher. Counts may be below \
            0. The reference system is that of the origin.",
    example: "SELECT ST_AsText(ST_Hexagon(2, 0, 0), 3)",
    overloads: &[Overload {
        arguments: &[
            Argument::float("size", "The length of an edge."),
            Argument::integer("cell_i", "The column."),
            Argument::integer("cell_j", "The row."),
            Argument::geometry("origin", "The point counts start at, (0 0) if left out.")
                .optional(),
        ],
        evaluate: |arguments| cells(arguments, grid::hexagon),
        ..Overload::BASE
    }],
    ..Function::BASE
};
