//! Circles as records: their centre, what they touch and their radius.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Float64Builder};
use godwit_geometry::construct::TouchingCircle;
use godwit_geometry::{Dimension, GeometryError, Kind, write};

use crate::function::{Evaluated, RecordField, Type};
use crate::rows::Rows;
use crate::sets::{records, take};

/// A circle that touches something.
pub(super) const TOUCHING_CIRCLE: Type = Type::Record(&[
    RecordField::new("center", Type::Geometry),
    RecordField::new("nearest", Type::Geometry),
    RecordField::new("radius", Type::Float64),
]);

/// A circle around something.
pub(super) const BOUNDING_CIRCLE: Type = Type::Record(&[
    RecordField::new("center", Type::Geometry),
    RecordField::new("radius", Type::Float64),
]);

/// Returns a column of touching circles, null for null rows; nothing found is an empty circle.
pub(super) fn map_touching<R: Rows>(
    rows: &R,
    function: impl Fn(R::Item) -> Result<Option<TouchingCircle>, GeometryError>,
) -> Evaluated {
    map(rows, TOUCHING_CIRCLE, |item| {
        let circle = function(item)?;
        let positions = circle.map(|circle| vec![circle.centre, circle.nearest]);
        Ok((positions, circle.map_or(0.0, |circle| circle.radius)))
    })
}

/// Returns a column of records of positions and a radius, null for null rows.
///
/// Without positions all points of the record are empty.
pub(super) fn map<R: Rows>(
    rows: &R,
    record: Type,
    function: impl Fn(R::Item) -> Result<(Option<Vec<[f64; 2]>>, f64), GeometryError>,
) -> Evaluated {
    let row_count = rows.row_count();
    let mut points: Vec<BinaryBuilder> = Vec::new();
    points.resize_with(record.fields().len().saturating_sub(1), BinaryBuilder::new);
    let mut radii = Float64Builder::with_capacity(row_count);
    let mut valid = Vec::with_capacity(row_count);
    let mut bytes = 0;
    for row in 0..row_count {
        let item = rows.get(row)?;
        valid.push(item.is_some());
        let Some(item) = item else {
            points.iter_mut().for_each(BinaryBuilder::append_null);
            radii.append_null();
            continue;
        };
        let (positions, radius) = function(item)?;
        for (index, column) in points.iter_mut().enumerate() {
            let position = positions.as_ref().and_then(|positions| positions.get(index));
            let point = position.map_or_else(
                || write::empty(Kind::Point, Dimension::Xy),
                |[x, y]| write::point_xy(*x, *y),
            );
            take(&mut bytes, point.len())?;
            column.append_value(point);
        }
        radii.append_value(radius);
    }
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(points.len() + 1);
    for mut column in points {
        columns.push(Arc::new(column.finish()));
    }
    columns.push(Arc::new(radii.finish()));
    records(record.fields(), columns, &valid)
}
