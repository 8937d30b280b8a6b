//! What the two grids share.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Int32Builder};
use godwit_geometry::grid::Grid;
use godwit_geometry::{Bounds, GeometryError};

use crate::arguments::Arguments;
use crate::function::{Argument, Evaluated, RecordField, Type};
use crate::rows::Rows as _;
use crate::sets::{Lists, records, take};

/// The arguments of a grid.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::float("size", "The length of an edge of a cell."),
    Argument::geometry("bounds", "A geometry whose box the cells cover."),
];

/// The cells of a grid as rows.
pub(super) const CELLS: Type = Type::Set(&Type::Record(&[
    RecordField::new("geom", Type::Geometry),
    RecordField::new("i", Type::Int32),
    RecordField::new("j", Type::Int32),
]));

/// Returns a column of lists of cells.
pub(super) fn evaluate(
    arguments: &Arguments<'_>,
    grid: fn(f64, &Bounds) -> Result<Grid, GeometryError>,
) -> Evaluated {
    let rows = (arguments.float(0)?, arguments.geometry(1)?);
    let mut geometries = BinaryBuilder::new();
    let (mut columns, mut rows_of_cells) = (Int32Builder::new(), Int32Builder::new());
    let mut lists = Lists::new(rows.row_count());
    let (mut bytes, mut count) = (0, 0);
    for row in 0..rows.row_count() {
        let item = rows.get(row)?;
        let is_valid = item.is_some();
        // Without a box there are no cells.
        let bounds = item.and_then(|(size, geometry)| Some((size, geometry.bounds()?)));
        if let Some((size, bounds)) = bounds {
            // PostGIS keeps boxes in single precision, so borders count to the cells on both sides.
            let [xmin, ymin, xmax, ymax] = bounds.to_f32_outward().map(f64::from);
            for cell in grid(size, &Bounds::new(xmin, ymin, xmax, ymax))? {
                take(&mut bytes, cell.geometry.len())?;
                geometries.append_value(&cell.geometry);
                columns.append_value(number(cell.column)?);
                rows_of_cells.append_value(number(cell.row)?);
                count += 1;
            }
        }
        lists.end(count, is_valid)?;
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(geometries.finish()),
        Arc::new(columns.finish()),
        Arc::new(rows_of_cells.finish()),
    ];
    lists.finish(records(CELLS.fields(), columns, &vec![true; count])?)
}

fn number(count: i64) -> Result<i32, GeometryError> {
    i32::try_from(count).map_err(|_error| GeometryError::InvalidArgument {
        reason: "the bounds lie too far from the origin for cells of this size".to_owned(),
    })
}
