//! What an aggregate makes of a group of rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BinaryArray, BinaryBuilder, ListBuilder};
use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;

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
    pub(super) fn into_scalar(self, field: &Field) -> ScalarValue {
        if let Self::Geometry(wkb) = self {
            return ScalarValue::Binary(Some(wkb));
        }
        // A list made by the engine would lose the reference system of its items.
        match column(field, vec![self]).as_list_opt::<i32>() {
            Some(list) => ScalarValue::List(Arc::new(list.clone())),
            None => ScalarValue::Binary(None),
        }
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

/// Returns the values as a column of the field of the aggregate's result.
pub(super) fn column(field: &Field, values: Vec<Value>) -> ArrayRef {
    let DataType::List(item) = field.data_type() else {
        let geometries = values.into_iter().map(|value| match value {
            Value::Geometry(wkb) => Some(wkb),
            Value::Null | Value::Geometries(_) => None,
        });
        return Arc::new(geometries.collect::<BinaryArray>());
    };
    let mut builder = ListBuilder::new(BinaryBuilder::new()).with_field(Arc::clone(item));
    for value in values {
        if let Value::Geometries(geometries) = &value {
            for wkb in geometries {
                builder.values().append_value(wkb);
            }
        }
        builder.append(matches!(value, Value::Geometries(_)));
    }
    Arc::new(builder.finish())
}
