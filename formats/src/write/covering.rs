//! The bounds of geometries as a struct column, which readers use to skip rows.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Float32Builder, Float64Builder, NullBufferBuilder, RecordBatch, StructArray,
};
use arrow::datatypes::{DataType, Field, Fields, Schema};
use godwit_geometry::{Bounds, Geometry, WkbColumn};

use crate::FormatError;

const MEMBERS: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// The width of the numbers of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundsPrecision {
    /// 32 bits, rounded outward.
    Single,
    /// 64 bits.
    Double,
}

/// Returns the field of a column of bounds.
pub fn bbox_field(name: &str, precision: BoundsPrecision) -> Field {
    Field::new(name, DataType::Struct(members(precision)), true)
}

/// Tells whether a field has the form of a column of bounds.
pub fn is_bbox_field(field: &Field) -> bool {
    let DataType::Struct(fields) = field.data_type() else { return false };
    fields.len() == MEMBERS.len()
        && fields.iter().zip(MEMBERS).all(|(field, name)| {
            field.name() == name
                && matches!(field.data_type(), DataType::Float32 | DataType::Float64)
        })
}

fn members(precision: BoundsPrecision) -> Fields {
    let data_type = match precision {
        BoundsPrecision::Single => DataType::Float32,
        BoundsPrecision::Double => DataType::Float64,
    };
    MEMBERS.iter().map(|name| Field::new(*name, data_type.clone(), true)).collect()
}

/// Returns the bounds of every geometry of a WKB column; a geometry without coordinates has none.
pub fn bbox_array(
    geometry: &dyn Array,
    precision: BoundsPrecision,
) -> Result<StructArray, FormatError> {
    let column = WkbColumn::try_new(geometry).ok_or_else(|| FormatError::Unsupported {
        reason: format!("a geometry cannot be {}", geometry.data_type()),
    })?;
    let mut nulls = NullBufferBuilder::new(column.len());
    let mut rows = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        let bounds = column.geometry(row)?.and_then(Geometry::bounds);
        nulls.append(bounds.is_some());
        rows.push(bounds);
    }
    let arrays = match precision {
        BoundsPrecision::Single => single(&rows),
        BoundsPrecision::Double => double(&rows),
    };
    Ok(StructArray::try_new(members(precision), arrays, nulls.finish())?)
}

fn single(rows: &[Option<Bounds>]) -> Vec<ArrayRef> {
    let mut builders = MEMBERS.map(|_| Float32Builder::with_capacity(rows.len()));
    for row in rows {
        let values = row.map(|bounds| bounds.to_f32_outward());
        for (index, builder) in builders.iter_mut().enumerate() {
            builder.append_option(values.and_then(|values| values.get(index).copied()));
        }
    }
    builders.into_iter().map(|mut builder| Arc::new(builder.finish()) as ArrayRef).collect()
}

fn double(rows: &[Option<Bounds>]) -> Vec<ArrayRef> {
    let mut builders = MEMBERS.map(|_| Float64Builder::with_capacity(rows.len()));
    for row in rows {
        let values =
            row.as_ref().map(|bounds| [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax]);
        for (index, builder) in builders.iter_mut().enumerate() {
            builder.append_option(values.and_then(|values| values.get(index).copied()));
        }
    }
    builders.into_iter().map(|mut builder| Arc::new(builder.finish()) as ArrayRef).collect()
}

/// Returns the batch with the bounds of the column `geometry` in the column `bbox`, which is added
/// behind the others or replaced if it is there.
pub fn add_bbox(
    batch: &RecordBatch,
    geometry: &str,
    bbox: &str,
    precision: BoundsPrecision,
) -> Result<RecordBatch, FormatError> {
    let schema = batch.schema();
    let index = schema.index_of(geometry)?;
    let bounds: ArrayRef = Arc::new(bbox_array(batch.column(index).as_ref(), precision)?);
    let field = Arc::new(bbox_field(bbox, precision));
    let mut fields: Vec<_> = schema.fields().iter().map(Arc::clone).collect();
    let mut columns: Vec<_> = batch.columns().iter().map(Arc::clone).collect();
    let place = fields.iter().position(|field| field.name() == bbox);
    let slots = place.and_then(|place| fields.get_mut(place).zip(columns.get_mut(place)));
    if let Some((field_slot, column_slot)) = slots {
        *field_slot = field;
        *column_slot = bounds;
    } else {
        fields.push(field);
        columns.push(bounds);
    }
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray as _, BinaryArray};
    use arrow::datatypes::Float64Type;
    use godwit_geometry::wkt;

    use super::*;

    #[test]
    fn bounds_follow_the_geometries() {
        let line = wkt::parse("LINESTRING(3 1,0 2)").unwrap().0;
        let empty = wkt::parse("POINT EMPTY").unwrap().0;
        let rows = vec![Some(line.as_slice()), None, Some(empty.as_slice())];
        let geometry: ArrayRef = Arc::new(BinaryArray::from(rows));
        let batch = RecordBatch::try_from_iter([("g", geometry)]).unwrap();
        for _ in 0..2 {
            let batch = add_bbox(&batch, "g", "g_bbox", BoundsPrecision::Double).unwrap();
            assert!(is_bbox_field(batch.schema().field(1)));
            let bounds = batch.column(1).as_struct();
            assert_eq!(bounds.null_count(), 2);
            let xmax = bounds.column(2).as_primitive::<Float64Type>();
            assert_eq!((xmax.value(0), xmax.null_count()), (3.0, 2));
        }
    }
}
