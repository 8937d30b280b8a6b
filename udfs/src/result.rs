//! The field of a result: its type in Arrow, with what is known about the geometries in it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields};
use godwit_geometry::GeometryType;

use crate::function::Type;
use crate::json::as_json;

/// Returns the field of a result.
///
/// Bytes and geometries have this storage, and every geometry in the field, however deep, says
/// what is known about it.
pub(crate) fn field(
    name: &str,
    kind: Type,
    storage: &DataType,
    geometry: Option<&GeometryType>,
) -> Field {
    let item =
        |kind: Type| Arc::new(field(Field::LIST_FIELD_DEFAULT_NAME, kind, storage, geometry));
    let data_type = match kind {
        Type::Geometry | Type::Geography | Type::Binary => storage.clone(),
        Type::Row => DataType::Struct(Fields::empty()),
        Type::Any => DataType::Null,
        Type::Float64 => DataType::Float64,
        Type::Int64 => DataType::Int64,
        Type::Int32 => DataType::Int32,
        Type::Text | Type::Json => DataType::Utf8,
        Type::Boolean => DataType::Boolean,
        Type::Int64List => DataType::new_list(DataType::Int64, true),
        Type::Float64List => DataType::new_list(DataType::Float64, true),
        Type::TextList => DataType::new_list(DataType::Utf8, true),
        Type::GeometryList => DataType::List(item(Type::Geometry)),
        Type::Set(kind) => DataType::List(item(*kind)),
        Type::RecordList(fields) => DataType::List(item(Type::Record(fields))),
        Type::Record(fields) => DataType::Struct(
            fields.iter().map(|each| field(each.name, each.kind, storage, geometry)).collect(),
        ),
    };
    let result = Field::new(name, data_type, true);
    match geometry {
        Some(geometry) if kind.is_spatial() => geometry.annotate(result),
        _ if kind == Type::Json => as_json(result),
        _ => result,
    }
}
