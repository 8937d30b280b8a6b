//! What an aggregate makes of a group of rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BinaryBuilder, ListBuilder};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, ScalarValue, resources_err};

/// What an aggregate makes of a group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Null.
    Null,
    /// A geometry as WKB.
    Geometry(Vec<u8>),
    /// A list of geometries as WKB.
    Geometries(Vec<Vec<u8>>),
}

impl Value {
    /// Returns the value for a field of the aggregate's result.
    pub(super) fn into_scalar(self, field: &Field) -> Result<ScalarValue> {
        if let Self::Geometry(wkb) = self {
            return Ok(ScalarValue::Binary(Some(wkb)));
        }
        // A list made by the engine would lose the reference system of its items.
        let mut column = Column::new(field, 1, 0);
        column.push(self)?;
        Ok(match column.finish().as_list_opt::<i32>() {
            Some(list) => ScalarValue::List(Arc::new(list.clone())),
            None => ScalarValue::Binary(None),
        })
    }
}

impl From<Vec<u8>> for Value {
    fn from(wkb: Vec<u8>) -> Self {
        Self::Geometry(wkb)
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(wkb: Option<Vec<u8>>) -> Self {
        wkb.map_or(Self::Null, Self::Geometry)
    }
}

/// A column of what an aggregate makes of groups.
pub(super) enum Column {
    Geometries(BinaryBuilder),
    Lists(ListBuilder<BinaryBuilder>),
}

impl Column {
    /// Returns a column of the field of an aggregate's result, with room for so many values and for
    /// about as many bytes of them.
    pub(super) fn new(field: &Field, count: usize, bytes: usize) -> Self {
        match field.data_type() {
            DataType::List(item) => {
                let lists = ListBuilder::with_capacity(BinaryBuilder::new(), count);
                Self::Lists(lists.with_field(Arc::clone(item)))
            }
            _ => Self::geometries(count, bytes),
        }
    }

    /// Returns a column of geometries, with room for so many and for about as many bytes of them.
    pub(super) fn geometries(count: usize, bytes: usize) -> Self {
        Self::Geometries(BinaryBuilder::with_capacity(count, bytes.min(MOST_BYTES)))
    }

    /// Adds a value.
    ///
    /// # Errors
    ///
    /// Fails where the column would have 2 GB.
    pub(super) fn push(&mut self, value: Value) -> Result<()> {
        match (self, value) {
            (Self::Geometries(column), Value::Geometry(wkb)) => append(column, &wkb)?,
            (Self::Geometries(column), Value::Null | Value::Geometries(_)) => column.append_null(),
            (Self::Lists(column), Value::Geometries(geometries)) => {
                for wkb in &geometries {
                    append(column.values(), wkb)?;
                }
                column.append(true);
            }
            (Self::Lists(column), Value::Null | Value::Geometry(_)) => column.append(false),
        }
        Ok(())
    }

    /// Returns the values as an array.
    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Geometries(mut column) => Arc::new(column.finish()),
            Self::Lists(mut column) => Arc::new(column.finish()),
        }
    }
}

/// The bytes that the offsets of a column reach.
const MOST_BYTES: usize = i32::MAX as usize;

fn append(column: &mut BinaryBuilder, wkb: &[u8]) -> Result<()> {
    if wkb.len() > MOST_BYTES - column.values_slice().len() {
        return resources_err!(
            "the geometries that an aggregate makes of its groups have more than 2 GB; make fewer \
             groups at a time, or smaller geometries of them"
        );
    }
    column.append_value(wkb);
    Ok(())
}
