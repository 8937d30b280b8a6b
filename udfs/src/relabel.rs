//! A column in another type: the metadata of nested fields is part of a type, and putting it there
//! copies no values.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, ListArray, StructArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::Result;

/// Returns the column in a type, which usually differs in the metadata of nested fields only.
pub(crate) fn relabel(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef> {
    if array.data_type() == wanted {
        return Ok(Arc::clone(array));
    }
    match (wanted, array.as_list_opt::<i32>(), array.as_struct_opt()) {
        (DataType::List(item), Some(list), _) => {
            let values = relabel(list.values(), item.data_type())?;
            let offsets = list.offsets().clone();
            let nulls = list.nulls().cloned();
            Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, values, nulls)?))
        }
        (DataType::Struct(fields), _, Some(record)) if fields.len() == record.num_columns() => {
            let mut columns = Vec::with_capacity(fields.len());
            for (field, column) in fields.iter().zip(record.columns()) {
                columns.push(relabel(column, field.data_type())?);
            }
            let nulls = record.nulls().cloned();
            Ok(Arc::new(StructArray::try_new(fields.clone(), columns, nulls)?))
        }
        _ => Ok(cast(array, wanted)?),
    }
}
