//! The cells of grids that `ST_Square` and `ST_Hexagon` make.

use godwit_geometry::{Geometry, GeometryError};

use crate::arguments::Arguments;
use crate::function::Evaluated;
use crate::rows::Rows as _;

/// Makes a cell of an origin, a size, a column and a row.
type Shape = fn([f64; 2], f64, i64, i64) -> Vec<u8>;

/// Returns the cells of the sizes, columns, rows and origins in the arguments.
pub(super) fn cells(arguments: &Arguments<'_>, shape: Shape) -> Evaluated {
    let size = arguments.float(0)?;
    let (column, row) = (arguments.integer(1)?, arguments.integer(2)?);
    if arguments.len() < 4 {
        return (size, column, row)
            .map_bytes(|(size, column, row)| shape([0.0, 0.0], size, column, row));
    }
    (size, column, row, arguments.geometry(3)?)
        .map_bytes(|(size, column, row, origin)| Ok(shape(position(origin)?, size, column, row)))
}

fn position(origin: Geometry<'_>) -> Result<[f64; 2], GeometryError> {
    origin.point_xy().ok_or_else(|| GeometryError::InvalidArgument {
        reason: "the origin of a grid must be a point that is not empty".to_owned(),
    })
}
