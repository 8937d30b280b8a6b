//! The cells around a cell, as a list in the form the cell was given in.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{CELL_AND_STEPS, Cell as _, IndexRows as _, Indexes, TEXT_AND_STEPS, steps};
use crate::arguments::Arguments;
use crate::function::{Evaluated, Overload, Type};

/// Returns the overloads of a function of a cell and a number of steps that lists cells.
pub(super) const fn overloads(evaluate: fn(&Arguments<'_>) -> Evaluated) -> [Overload; 2] {
    [
        Overload {
            arguments: CELL_AND_STEPS,
            returns: Type::Int64List,
            evaluate,
            ..Overload::BASE
        },
        Overload { arguments: TEXT_AND_STEPS, returns: Type::TextList, evaluate, ..Overload::BASE },
    ]
}

/// Returns for each cell of the first argument what a walk of the steps of the second finds.
pub(super) fn cells(
    arguments: &Arguments<'_>,
    walk: impl Fn(CellIndex, u32) -> Result<Option<Vec<CellIndex>>, GeometryError>,
) -> Evaluated {
    let rows = (Indexes::of(arguments, 0)?, arguments.integer(1)?);
    rows.map_indexes(arguments.result, |(cell, number)| match (cell.cell(), steps(number)) {
        (Some(cell), Some(k)) => walk(cell, k),
        _ => Ok(None),
    })
}
