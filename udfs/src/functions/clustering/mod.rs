//! Functions over all rows of a partition: clusters and coverages.

mod collections;
mod st_clusterdbscan;
mod st_clusterintersectingwin;
mod st_clusterkmeans;
mod st_clusterrelatewin;
mod st_clusterwithinwin;
mod st_coverageclean;
mod st_coverageinvalidedges;
mod st_coveragesimplify;

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int32Array};
use godwit_geometry::cluster::Groups;
use godwit_geometry::{Geometry, GeometryError, Kind};

use crate::arguments::Arguments;
use crate::function::Function;
use crate::rows::Rows;

pub(super) use collections::{close, meeting};

/// The window functions.
pub(super) static WINDOWS: &[&Function] = &[
    &st_clusterdbscan::FUNCTION,
    &st_clusterintersectingwin::FUNCTION,
    &st_clusterkmeans::FUNCTION,
    &st_clusterrelatewin::FUNCTION,
    &st_clusterwithinwin::FUNCTION,
    &st_coverageclean::FUNCTION,
    &st_coverageinvalidedges::FUNCTION,
    &st_coveragesimplify::FUNCTION,
];

/// Returns a distance if it is one.
fn distance(value: Option<f64>) -> Result<f64, GeometryError> {
    match value {
        Some(distance) if distance >= 0.0 => Ok(distance),
        _ => Err(GeometryError::InvalidArgument {
            reason: format!("the distance must be 0 or more, not {}", shown(value)),
        }),
    }
}

/// Returns a value as a message shows it.
fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

/// Returns the geometries of a partition.
fn geometries<'a>(arguments: &Arguments<'a>) -> Result<Vec<Option<Geometry<'a>>>, GeometryError> {
    let column = arguments.geometry(0)?;
    (0..arguments.row_count).map(|row| column.get(row)).collect()
}

/// Returns the numbers of clusters as a column.
fn numbers(clusters: impl IntoIterator<Item = Option<usize>>) -> ArrayRef {
    let numbers = clusters.into_iter().map(|number| number.and_then(|it| i32::try_from(it).ok()));
    Arc::new(numbers.collect::<Int32Array>())
}

/// Returns the numbers of clusters as a column, without those of rows that are null.
fn visible_numbers(groups: Groups, rows: &[Option<Geometry<'_>>]) -> ArrayRef {
    let clusters = groups.numbers(|_| true);
    numbers(clusters.into_iter().zip(rows).map(|(number, row)| number.filter(|_| row.is_some())))
}

/// Returns the polygons of a partition; what is no polygon or empty is left out.
fn polygons<'a>(arguments: &Arguments<'a>) -> Result<Vec<Option<Geometry<'a>>>, GeometryError> {
    let is_area = |geometry: &Geometry<'_>| {
        matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon) && !geometry.is_empty()
    };
    Ok(geometries(arguments)?.into_iter().map(|geometry| geometry.filter(is_area)).collect())
}

/// Returns the value of an option in the first row; another one when it was left out or is null.
fn first_or<'a, R: Rows>(
    arguments: &Arguments<'a>,
    index: usize,
    otherwise: R::Item,
    column: impl Fn(&Arguments<'a>, usize) -> Result<R, GeometryError>,
) -> Result<R::Item, GeometryError> {
    if index >= arguments.len() {
        return Ok(otherwise);
    }
    Ok(column(arguments, index)?.get(0)?.unwrap_or(otherwise))
}

/// Returns geometries as a column.
fn results(geometries: Vec<Option<Vec<u8>>>) -> ArrayRef {
    Arc::new(BinaryArray::from_iter(geometries))
}
