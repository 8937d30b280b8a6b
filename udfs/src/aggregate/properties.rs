//! The fields of records: which one is the geometry, and the others as properties of features.

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, Float32Array, Float64Array, Int64Array,
    StringArray, StructArray, UInt64Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type, UInt64Type};
use godwit_geometry::flatgeobuf::ColumnType;
use godwit_geometry::mvt::Value;
use godwit_geometry::{GeometryError, is_geometry};

use super::Records;
use crate::literal::write_hex;

/// The values of a property, in a type that features have.
#[derive(Debug)]
pub(crate) enum Property {
    /// Truth values.
    Boolean(BooleanArray),
    /// Whole numbers.
    Integer(Int64Array),
    /// Whole numbers that are not negative.
    Unsigned(UInt64Array),
    /// Numbers of single precision.
    Float(Float32Array),
    /// Numbers of double precision.
    Double(Float64Array),
    /// Texts, and all that is written as such.
    Text(StringArray),
}

/// Returns the field with the geometry: the one that is named, or the first there is.
pub(crate) fn geometry_index(
    records: &Records<'_>,
    function: &str,
    name: Option<&str>,
) -> Result<usize, GeometryError> {
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        return index_of(records, function, name);
    }
    let is_binary = |data_type: &DataType| {
        matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
    };
    let fields = records.fields;
    fields
        .iter()
        .position(|field| is_geometry(field))
        .or_else(|| fields.iter().position(|field| is_binary(field.data_type())))
        .ok_or_else(|| GeometryError::InvalidArgument {
            reason: format!("{function}: the row has no geometry"),
        })
}

/// Returns the field of a name.
pub(crate) fn index_of(
    records: &Records<'_>,
    function: &str,
    name: &str,
) -> Result<usize, GeometryError> {
    records.fields.iter().position(|known| known.name() == name).ok_or_else(|| {
        GeometryError::InvalidArgument {
            reason: format!("{function}: the row has no field \"{name}\""),
        }
    })
}

/// Returns the names and the values of the fields that are properties.
pub(crate) fn properties(
    records: &Records<'_>,
    rows: &StructArray,
    is_property: impl Fn(usize) -> bool,
) -> Result<(Vec<String>, Vec<Property>), GeometryError> {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for (index, (field, column)) in records.fields.iter().zip(rows.columns()).enumerate() {
        if is_property(index) {
            names.push(field.name().clone());
            values.push(Property::new(column)?);
        }
    }
    Ok((names, values))
}

/// Returns the properties of a row that are not null, by the index of their name.
pub(crate) fn values_of(properties: &[Property], row: usize) -> Vec<(usize, Value<'_>)> {
    let values = properties.iter().enumerate();
    values.filter_map(|(key, property)| Some((key, property.value(row)?))).collect()
}

/// Returns the values of a column as another type.
pub(crate) fn converted(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef, GeometryError> {
    cast(array, wanted).map_err(|error| GeometryError::InvalidArgument {
        reason: format!("a field of the row cannot be a property: {error}"),
    })
}

impl Property {
    fn new(array: &ArrayRef) -> Result<Self, GeometryError> {
        let wanted = match array.data_type() {
            DataType::Boolean => DataType::Boolean,
            DataType::UInt64 => DataType::UInt64,
            data_type if data_type.is_integer() => DataType::Int64,
            DataType::Float16 | DataType::Float32 => DataType::Float32,
            DataType::Float64 => DataType::Float64,
            data_type if data_type.is_binary() => {
                let bytes = converted(array, &DataType::Binary)?;
                let bytes = bytes.as_binary::<i32>();
                return Ok(Self::Text(bytes.iter().map(|each| each.map(write_hex)).collect()));
            }
            _ => DataType::Utf8,
        };
        let array = converted(array, &wanted)?;
        Ok(match wanted {
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::UInt64 => Self::Unsigned(array.as_primitive::<UInt64Type>().clone()),
            DataType::Int64 => Self::Integer(array.as_primitive::<Int64Type>().clone()),
            DataType::Float32 => Self::Float(array.as_primitive::<Float32Type>().clone()),
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().clone()),
            _ => Self::Text(array.as_string::<i32>().clone()),
        })
    }

    /// Returns the type of the values in `FlatGeobuf`.
    pub(crate) fn column_type(&self) -> ColumnType {
        match self {
            Self::Boolean(_) => ColumnType::Boolean,
            Self::Integer(_) => ColumnType::Long,
            Self::Unsigned(_) => ColumnType::UnsignedLong,
            Self::Float(_) => ColumnType::Float,
            Self::Double(_) => ColumnType::Double,
            Self::Text(_) => ColumnType::Text,
        }
    }

    /// Returns the value of a row, unless it is null.
    pub(crate) fn value(&self, row: usize) -> Option<Value<'_>> {
        match self {
            Self::Boolean(array) => array.is_valid(row).then(|| Value::Boolean(array.value(row))),
            Self::Integer(array) => array.is_valid(row).then(|| Value::Integer(array.value(row))),
            Self::Unsigned(array) => array.is_valid(row).then(|| Value::Unsigned(array.value(row))),
            Self::Float(array) => array.is_valid(row).then(|| Value::Float(array.value(row))),
            Self::Double(array) => array.is_valid(row).then(|| Value::Double(array.value(row))),
            Self::Text(array) => array.is_valid(row).then(|| Value::Text(array.value(row))),
        }
    }
}
