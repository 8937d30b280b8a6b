//! `h3_grid_path_cells`: the cells on the way from one cell to another.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes, check_count};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_path_cells",
    aliases: &["h3_grid_path", "h3_try_grid_path"],
    category: Category::H3,
    summary: "Returns the cells on the way from one cell to another, both included.",
    notes: "Null when the cells have different resolutions or are too far apart.",
    example: "SELECT h3_grid_path_cells('86584e9afffffff', '8658412c7ffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell1", "The first cell."),
                Argument::integer("cell2", "The last cell."),
            ],
            returns: Type::Int64List,
            evaluate: paths,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell1", "The first cell in hexadecimal digits."),
                Argument::text("cell2", "The last cell in hexadecimal digits."),
            ],
            returns: Type::TextList,
            evaluate: paths,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn paths(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, Indexes::of(arguments, 1)?)
        .map_indexes(arguments.result, |(from, to)| path(from, to))
}

fn path(from: Index, to: Index) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let (Some(from), Some(to)) = (from.cell(), to.cell()) else {
        return Ok(None);
    };
    let Some(count) = from.grid_path_cells_size(to).or_else(|_| to.grid_path_cells_size(from)).ok()
    else {
        return Ok(None);
    };
    check_count(u64::try_from(count).unwrap_or(0))?;
    // Close to a pentagon a line may be known from one of its ends only.
    Ok(line(from, to).or_else(|| {
        let mut cells = line(to, from)?;
        cells.reverse();
        Some(cells)
    }))
}

fn line(from: CellIndex, to: CellIndex) -> Option<Vec<CellIndex>> {
    from.grid_path_cells(to).ok()?.collect::<Result<_, _>>().ok()
}
