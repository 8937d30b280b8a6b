//! The bounds of geometries as a struct column, which readers use to skip rows.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, NullBufferBuilder, PrimitiveArray, RecordBatch,
    StructArray,
};
use arrow::datatypes::{DataType, Field, Fields, Float32Type, Float64Type, Schema};
use godwit_geometry::{Bounds, Geometry, Kinds, WkbColumn};

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

/// Returns the precision of a column of bounds, if a field has the form of one.
pub fn bbox_precision(field: &Field) -> Option<BoundsPrecision> {
    let DataType::Struct(fields) = field.data_type() else { return None };
    let is_of = |data_type: &DataType| {
        fields.len() == MEMBERS.len()
            && fields
                .iter()
                .zip(MEMBERS)
                .all(|(field, name)| field.name() == name && field.data_type() == data_type)
    };
    if is_of(&DataType::Float32) {
        return Some(BoundsPrecision::Single);
    }
    is_of(&DataType::Float64).then_some(BoundsPrecision::Double)
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
    match precision {
        BoundsPrecision::Single => boxes::<Float32Type>(column, precision, |bounds| {
            bounds.map_or([0.0; 4], |bounds| bounds.to_f32_outward())
        }),
        BoundsPrecision::Double => boxes::<Float64Type>(column, precision, |bounds| {
            bounds.map_or([0.0; 4], |bounds| [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax])
        }),
    }
}

/// Returns the column of boxes; `numbers` also fills the places of geometries that have none.
fn boxes<T: ArrowPrimitiveType>(
    column: WkbColumn<'_>,
    precision: BoundsPrecision,
    numbers: impl Fn(Option<Bounds>) -> [T::Native; 4],
) -> Result<StructArray, FormatError> {
    let mut nulls = NullBufferBuilder::new(column.len());
    let mut values = MEMBERS.map(|_| Vec::with_capacity(column.len()));
    for row in 0..column.len() {
        let bounds = column.geometry_of(row, Kinds::All)?.and_then(Geometry::bounds);
        nulls.append(bounds.is_some());
        for (values, number) in values.iter_mut().zip(numbers(bounds)) {
            values.push(number);
        }
    }
    let nulls = nulls.finish();
    let array = |values: Vec<T::Native>| -> ArrayRef {
        Arc::new(PrimitiveArray::<T>::new(values.into(), nulls.clone()))
    };
    let arrays = values.into_iter().map(array).collect();
    Ok(StructArray::try_new(members(precision), arrays, nulls)?)
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
            let precision = bbox_precision(batch.schema().field(1));
            assert_eq!(precision, Some(BoundsPrecision::Double));
            let bounds = batch.column(1).as_struct();
            assert_eq!(bounds.null_count(), 2);
            let xmax = bounds.column(2).as_primitive::<Float64Type>();
            assert_eq!((xmax.value(0), xmax.null_count()), (3.0, 2));
        }
    }
}
