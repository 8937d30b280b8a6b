//! Where the geometries of a right batch lie.

use arrow::array::ArrayRef;
use datafusion::common::Result;
use godwit_geometry::{Bounds, WkbColumn};

use super::build::{basic, external, geometries};
use super::predicate::SpatialPredicate;
use super::refine::Right;
use crate::order::along_curve;

/// Where the geometries of a right batch lie.
pub(super) enum Places {
    /// All are points; NaN stands for NULL.
    Points(Vec<[f64; 2]>),
    /// The box of each row; nothing where there is none.
    Boxes(Vec<Bounds>),
}

impl Places {
    /// Returns where geometries lie, and the geometries as a predicate takes them.
    pub(super) fn of(array: ArrayRef, predicate: &SpatialPredicate) -> Result<(ArrayRef, Self)> {
        if let Some(points) = geometries(&array)?.points() {
            return Ok((array, Self::Points(points)));
        }
        let array = basic(&array, predicate.relation)?;
        let column = geometries(&array)?;
        let bounds_of = |geometry: Option<_>| predicate.surface.bounds(geometry?);
        let bounds = (0..column.len()).map(|row| {
            let geometry = column.geometry(row).map_err(external)?;
            Ok(bounds_of(geometry).unwrap_or(Bounds::NOTHING))
        });
        let bounds = bounds.collect::<Result<Vec<_>>>()?;
        Ok((array, Self::Boxes(bounds)))
    }

    /// Returns the rows in an order in which near ones follow each other.
    pub(super) fn along_curve(&self) -> Vec<u32> {
        match self {
            Self::Points(points) => along_curve(points.iter().map(|at| of_point(*at))),
            Self::Boxes(boxes) => along_curve(boxes.iter().copied()),
        }
    }

    /// Returns the geometry of a row and its box, if it has one; nothing for NULL.
    #[inline]
    pub(super) fn right<'a>(
        &self,
        column: WkbColumn<'a>,
        row: u32,
    ) -> Result<Option<(Right<'a>, Option<Bounds>)>> {
        match self {
            Self::Points(points) => Ok(points.get(row as usize).and_then(|at| {
                let bounds = of_point(*at);
                let right = Right::Point { at: *at, column, row };
                (!bounds.is_nothing()).then_some((right, Some(bounds)))
            })),
            Self::Boxes(boxes) => {
                let geometry = column.geometry(row as usize).map_err(external)?;
                let bounds = boxes.get(row as usize).filter(|bounds| !bounds.is_nothing());
                Ok(geometry.map(|geometry| (Right::Any(geometry), bounds.copied())))
            }
        }
    }
}

fn of_point([x, y]: [f64; 2]) -> Bounds {
    if x.is_nan() { Bounds::NOTHING } else { Bounds::point(x, y) }
}
