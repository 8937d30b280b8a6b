//! The cells around a cell with their distances, as a list of records.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Builder};
use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{Cell, check_count, integer, listed, steps, text};
use crate::answers::BytesAnswers;
use crate::arguments::{Arguments, is_text};
use crate::function::{Evaluated, Parity, RecordField, Type};
use crate::rows::Rows as _;
use crate::sets::{Lists, structure};

/// How these functions compare with those of other extensions.
pub(super) const PARITY: Parity = Parity::Extension(
    "The extension for PostgreSQL returns such records as rows, that for DuckDB a list of lists, \
     one for each distance.",
);

/// Records of a cell as an integer and its distance.
pub(super) const DISTANCES_OF_NUMBERS: Type = Type::RecordList(&[
    RecordField::new("cell", Type::Int64),
    RecordField::new("distance", Type::Int64),
]);

/// Records of a cell in hexadecimal digits and its distance.
pub(super) const DISTANCES_OF_TEXTS: Type = Type::RecordList(&[
    RecordField::new("cell", Type::Text),
    RecordField::new("distance", Type::Int64),
]);

/// How the cells are found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Walk {
    /// The quick way, or the safe one when a pentagon is in the way.
    Any,
    /// The way that pentagons do not disturb.
    Safe,
    /// The quick way, which finds nothing when a pentagon is in the way.
    Unsafe,
}

/// Returns for each cell of the first argument the cells within the steps of the second.
pub(super) fn distances(arguments: &Arguments<'_>, walk: Walk) -> Evaluated {
    let is_text = is_text(arguments.array(0)?.data_type());
    let numbers = arguments.integer(1)?;
    let mut lists = Lists::new(arguments.row_count);
    let (mut integers, mut texts) = (Int64Builder::new(), BytesAnswers::new(0, 0));
    let mut steps_taken = Int64Builder::new();
    let mut count = 0;
    for row in 0..arguments.row_count {
        let cell = if is_text {
            arguments.text(0)?.get(row)?.and_then(Cell::cell)
        } else {
            arguments.integer(0)?.get(row)?.and_then(Cell::cell)
        };
        let k = numbers.get(row)?.and_then(steps);
        let disk = match (cell, k) {
            (Some(cell), Some(k)) => disk(cell, k, walk)?,
            _ => None,
        };
        for (cell, distance) in disk.iter().flatten() {
            if is_text {
                texts.push(Some(text(*cell).as_bytes()))?;
            } else {
                integers.append_value(integer(*cell));
            }
            steps_taken.append_value(i64::from(*distance));
            count += 1;
        }
        lists.end(count, disk.is_some())?;
    }
    let cells: ArrayRef = if is_text { texts.finish_text()? } else { Arc::new(integers.finish()) };
    let columns = vec![cells, Arc::new(steps_taken.finish()) as ArrayRef];
    lists.finish(structure(&["cell", "distance"], columns, None)?)
}

fn disk(
    cell: CellIndex,
    k: u32,
    walk: Walk,
) -> Result<Option<Vec<(CellIndex, u32)>>, GeometryError> {
    check_count(h3o::max_grid_disk_size(k))?;
    let quick = match walk {
        Walk::Any | Walk::Unsafe => cell.grid_disk_distances_fast(k).collect(),
        Walk::Safe => None,
    };
    match walk {
        Walk::Any | Walk::Safe if quick.is_none() => {
            listed(cell.grid_disk_distances_safe(k)).map(Some)
        }
        _ => Ok(quick),
    }
}
