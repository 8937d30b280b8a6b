//! `S2_CoveringCellIds`: the S2 cells that cover a geography.

use godwit_geometry::geodesic::s2::{self, Limits, MAX_LEVEL};
use godwit_geometry::{GeometryError, Kind};

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "S2_CoveringCellIds",
    category: Category::Accessor,
    summary: "Returns the ids of a few S2 cells that cover a geography, in order.",
    notes: "Cells of different levels are mixed so that few of them fit well; a point has one cell. \
            There may be more than `max_cells` when `min_level` asks for small ones. Where two \
            geographies meet, a cell of one has a cell of the other in it or the other way round.",
    example: "SELECT S2_CoveringCellIds('POLYGON((24 59, 25 59, 25 60, 24 59))')",
    parity: Parity::Extension("SedonaDB and BigQuery have the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::geography("geog", "The geography."),
            Argument::integer("min_level", "The level of the largest cells, 0 if left out.")
                .optional(),
            Argument::integer("max_level", "The level of the smallest cells, 30 if left out.")
                .optional(),
            Argument::integer("max_cells", "How many cells there should be at most; 8.").optional(),
        ],
        returns: Type::Int64List,
        evaluate: |arguments| {
            let levels = (arguments.integer_or(1, 0)?, arguments.integer_or(2, 30)?);
            let rows = (arguments.geometry(0)?, levels, arguments.integer_or(3, 8)?);
            rows.map_i64_list(|(geometry, (least, most), cells)| {
                let limits = limits(least, most, cells)?;
                if let (Kind::Point, Some(at)) = (geometry.kind(), geometry.point_xy())
                    && limits == Limits::default()
                {
                    return Ok(vec![s2::cell_id(at).cast_signed()]);
                }
                let cells = s2::covering(geometry, &limits)?;
                Ok(cells.into_iter().map(u64::cast_signed).collect())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// The most cells a level may ask for.
const MOST_CELLS: i64 = 1_000_000;

fn limits(least: i64, most: i64, cells: i64) -> Result<Limits, GeometryError> {
    let level = |level: i64| u32::try_from(level).ok().filter(|level| *level <= MAX_LEVEL);
    match (level(least), level(most), usize::try_from(cells)) {
        (Some(least_level), Some(most_level), Ok(most_cells))
            if least_level <= most_level && (1..=MOST_CELLS).contains(&cells) =>
        {
            Ok(Limits { least_level, most_level, most_cells })
        }
        _ => Err(GeometryError::InvalidArgument {
            reason: format!(
                "S2_CoveringCellIds: levels are 0 to 30, the least first, and at least one cell is \
                 asked for, not {least}, {most} and {cells}"
            ),
        }),
    }
}
