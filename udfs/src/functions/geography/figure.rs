//! What the earth is taken for, row by row.

use arrow::array::BooleanArray;
use godwit_geometry::GeometryError;
use godwit_geometry::geodesic::Figure;

use crate::arguments::Arguments;
use crate::column::Values;
use crate::function::{Argument, Type};
use crate::rows::Rows;

/// The argument that chooses between the spheroid and a sphere.
pub(super) const USE_SPHEROID: Argument = Argument::new(
    "use_spheroid",
    Type::Boolean,
    "Whether to measure on the spheroid, which is the default, or on a sphere.",
)
.optional();

/// Figures of the earth of a batch.
pub(super) enum Figures<'a> {
    /// The spheroid in every row.
    Spheroid(usize),
    /// One choice a row.
    Chosen(Values<'a, BooleanArray>),
}

/// Returns the figures that an argument chooses, the spheroid when it is left out.
pub(super) fn figures<'a>(
    arguments: &Arguments<'a>,
    index: usize,
) -> Result<Figures<'a>, GeometryError> {
    if index < arguments.len() {
        return Ok(Figures::Chosen(arguments.boolean(index)?));
    }
    Ok(Figures::Spheroid(arguments.row_count))
}

impl Rows for Figures<'_> {
    type Item = Figure;

    fn row_count(&self) -> usize {
        match self {
            Self::Spheroid(rows) => *rows,
            Self::Chosen(values) => values.row_count(),
        }
    }

    fn get(&self, row: usize) -> Result<Option<Figure>, GeometryError> {
        let Self::Chosen(values) = self else {
            return Ok(Some(Figure::Spheroid));
        };
        let figure = |is_spheroid| if is_spheroid { Figure::Spheroid } else { Figure::Sphere };
        Ok(values.get(row)?.map(figure))
    }
}
