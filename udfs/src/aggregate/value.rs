//! What an aggregate makes of a group of rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BinaryBuilder, ListBuilder};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{DataFusionError, Result, ScalarValue};
use godwit_geometry::GeometryError;

use crate::answers::BytesAnswers;
use crate::scalar::external;
use crate::sets::take;

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
            take(&mut 0, wkb.len()).map_err(|_full| too_large())?;
            return Ok(ScalarValue::Binary(Some(wkb)));
        }
        // A list made by the engine would lose the reference system of its items.
        let mut column = Column::new(field, 1, 0);
        column.push(self)?;
        Ok(match column.finish()?.as_list_opt::<i32>() {
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
    Geometries(BytesAnswers),
    /// Lists, and the bytes of their items.
    Lists(ListBuilder<BinaryBuilder>, usize),
}

impl Column {
    /// Returns a column of the field of an aggregate's result, with room for so many values and for
    /// about as many bytes of them.
    pub(super) fn new(field: &Field, count: usize, bytes: usize) -> Self {
        match field.data_type() {
            DataType::List(item) => {
                let lists = ListBuilder::with_capacity(BinaryBuilder::new(), count);
                Self::Lists(lists.with_field(Arc::clone(item)), 0)
            }
            _ => Self::geometries(count, bytes),
        }
    }

    /// Returns a column of geometries, with room for so many and for about as many bytes of them.
    pub(super) fn geometries(count: usize, bytes: usize) -> Self {
        Self::Geometries(BytesAnswers::new(count, bytes))
    }

    /// Adds a value.
    ///
    /// # Errors
    ///
    /// Fails where the column would have 2 GB.
    pub(super) fn push(&mut self, value: Value) -> Result<()> {
        match (self, value) {
            (Self::Geometries(column), Value::Geometry(wkb)) => column.push(Some(&wkb)),
            (Self::Geometries(column), Value::Null | Value::Geometries(_)) => column.push(None),
            (Self::Lists(column, bytes), value) => append(column, bytes, &value),
        }
        .map_err(|_full| too_large())
    }

    /// Returns the values as an array.
    pub(super) fn finish(self) -> Result<ArrayRef> {
        match self {
            Self::Geometries(column) => column.finish().map_err(external),
            Self::Lists(mut column, _) => Ok(Arc::new(column.finish())),
        }
    }
}

/// Smaller batches of rows would not help: all groups are put out together.
fn too_large() -> DataFusionError {
    let reason = "the geometries that an aggregate makes of its groups take more than 2 gigabytes; \
                  aggregate fewer groups, or smaller geometries, in one statement";
    external(GeometryError::InvalidArgument { reason: reason.to_owned() })
}

/// Adds a list, which is NULL for any other value.
fn append(
    column: &mut ListBuilder<BinaryBuilder>,
    bytes: &mut usize,
    value: &Value,
) -> Result<(), GeometryError> {
    if let Value::Geometries(geometries) = value {
        for wkb in geometries {
            take(bytes, wkb.len())?;
            column.values().append_value(wkb);
        }
    }
    column.append(matches!(value, Value::Geometries(_)));
    Ok(())
}
