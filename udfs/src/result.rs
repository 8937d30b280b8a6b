//! The field of a result: its type in Arrow, with what is known about the geometries in it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use godwit_geometry::GeometryType;

use crate::function::Type;
use crate::json::as_json;

/// Says in the metadata of a field that its geometries are boxes, with `2` or `3` dimensions.
const BOX_KEY: &str = "godwit.box";

/// The functions whose results are boxes, by name, with the dimensions that these have.
const BOXES: [(&str, &str); 7] = [
    ("box2d", "2"),
    ("st_box2dfromgeohash", "2"),
    ("st_makebox2d", "2"),
    ("st_extent_agg", "2"),
    ("box3d", "3"),
    ("st_3dmakebox", "3"),
    ("st_3dextent", "3"),
];

/// Returns how many dimensions the boxes of a field have, if it holds some: there is no type for
/// boxes, but as texts they are written as such.
pub fn box_dimensions(field: &Field) -> Option<u8> {
    field.metadata().get(BOX_KEY)?.parse().ok()
}

/// Returns a field that holds boxes if another one does, of as many dimensions.
#[must_use]
pub fn boxed_like(like: &Field, mut field: Field) -> Field {
    if let Some(dimensions) = like.metadata().get(BOX_KEY) {
        field.metadata_mut().insert(BOX_KEY.to_owned(), dimensions.clone());
    }
    field
}

/// Returns the field of a result of a function, which tells when it holds boxes.
pub(crate) fn as_box(function: &str, mut field: Field) -> Field {
    if let Some((_, dimensions)) = BOXES.iter().find(|(name, _)| *name == function) {
        field.metadata_mut().insert(BOX_KEY.to_owned(), (*dimensions).to_owned());
    }
    field
}

/// Returns the field of a result of a function of these arguments: a box that grows stays one.
pub(crate) fn as_box_of(function: &str, arguments: &[FieldRef], field: Field) -> Field {
    match arguments.first() {
        Some(first) if function == "st_expand" => boxed_like(first, field),
        _ => as_box(function, field),
    }
}

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
