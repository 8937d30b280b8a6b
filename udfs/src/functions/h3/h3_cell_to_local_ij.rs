//! `h3_cell_to_local_ij`: the coordinates of a cell in the grid around another.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_local_ij",
    category: Category::H3,
    summary: "Returns the I and J coordinates of a cell in the grid around an origin.",
    notes: "Coordinates of different origins cannot be compared. Null when the cells have \
            different resolutions or are too far apart.",
    example: "SELECT h3_cell_to_local_ij('85283473fffffff', '8528347bfffffff')",
    parity: Parity::Extension(
        "The extension for DuckDB has the function; that for PostgreSQL returns a point.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("origin", "The cell the grid is anchored to."),
                Argument::integer("cell", "The cell."),
            ],
            returns: Type::Int64List,
            evaluate: coordinates,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("origin", "The cell the grid is anchored to in hexadecimal digits."),
                Argument::text("cell", "The cell in hexadecimal digits."),
            ],
            returns: Type::Int64List,
            evaluate: coordinates,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn coordinates(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, Indexes::of(arguments, 1)?)
        .map_i64_list(|(origin, cell)| local_ij(origin, cell))
}

fn local_ij(origin: Index, cell: Index) -> Option<Vec<i64>> {
    let coord = cell.cell()?.to_local_ij(origin.cell()?).ok()?.coord;
    Some(vec![i64::from(coord.i), i64::from(coord.j)])
}
