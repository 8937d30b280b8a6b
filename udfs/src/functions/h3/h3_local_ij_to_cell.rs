//! `h3_local_ij_to_cell`: the cell at coordinates in the grid around another.

use h3o::{CellIndex, CoordIJ, LocalIJ};

use super::cell::{Cell as _, Index, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_local_ij_to_cell",
    category: Category::H3,
    summary: "Returns the cell at I and J coordinates in the grid around an origin.",
    notes: "Null when there is no such cell or it is too far away.",
    example: "SELECT h3_local_ij_to_cell('85283473fffffff', 0, 0)",
    parity: Parity::Extension(
        "The extension for DuckDB has the function; that for PostgreSQL takes a point.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("origin", "The cell the grid is anchored to."),
                Argument::integer("i", "The I coordinate."),
                Argument::integer("j", "The J coordinate."),
            ],
            returns: Type::Int64,
            evaluate: cells,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("origin", "The cell the grid is anchored to in hexadecimal digits."),
                Argument::integer("i", "The I coordinate."),
                Argument::integer("j", "The J coordinate."),
            ],
            returns: Type::Text,
            evaluate: cells,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn cells(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?, arguments.integer(2)?)
        .map_index(arguments.result, |(origin, i, j)| Ok(cell_at(origin, i, j)))
}

fn cell_at(origin: Index, i: i64, j: i64) -> Option<CellIndex> {
    let coord = CoordIJ::new(i32::try_from(i).ok()?, i32::try_from(j).ok()?);
    CellIndex::try_from(LocalIJ::new(origin.cell()?, coord)).ok()
}
