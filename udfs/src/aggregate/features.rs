//! Records as the features of a layer of a vector tile.

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, Float32Array, Float64Array, Int64Array,
    StringArray, StructArray, UInt64Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type, UInt64Type};
use godwit_geometry::mvt::{Layer, Value};
use godwit_geometry::{GeometryError, Kinds, WkbColumn, is_geometry};

use super::with_row;

/// What is asked for besides the rows.
#[derive(Debug)]
pub(super) struct LayerOptions {
    /// The name of the layer.
    pub(super) name: String,
    /// The cells on a side of the tile.
    pub(super) extent: u32,
    /// The field with the geometry; the first one if not given.
    pub(super) geometry: Option<String>,
    /// The field with the ids of features.
    pub(super) id: Option<String>,
}

impl Default for LayerOptions {
    fn default() -> Self {
        Self { name: "default".to_owned(), extent: 4096, geometry: None, id: None }
    }
}

/// The values of a property, in a type that tiles have.
enum Property {
    Boolean(BooleanArray),
    Integer(Int64Array),
    Unsigned(UInt64Array),
    Float(Float32Array),
    Double(Float64Array),
    Text(StringArray),
}

/// Returns a tile with one layer that has a feature for each record with a geometry.
pub(super) fn tile_of(
    records: &StructArray,
    options: &LayerOptions,
) -> Result<Vec<u8>, GeometryError> {
    let geometry_index = geometry_index(records, options)?;
    let id_index = match &options.id {
        Some(name) => Some(index_of(records, name)?),
        None => None,
    };
    let is_property = |index: &usize| *index != geometry_index && Some(*index) != id_index;
    let mut keys = Vec::new();
    let mut properties = Vec::new();
    for index in (0..records.num_columns()).filter(is_property) {
        keys.push(records.column_names().get(index).copied().unwrap_or_default().to_owned());
        properties.push(Property::new(records.column(index))?);
    }
    let ids =
        id_index.map(|index| converted(records.column(index), &DataType::Int64)).transpose()?;
    let ids = ids.as_ref().and_then(|ids| ids.as_primitive_opt::<Int64Type>());
    let mut layer = Layer::new(&options.name, options.extent, keys);
    let column = records.column(geometry_index);
    let Some(geometries) = WkbColumn::try_new(column.as_ref()) else {
        // A column without a type has nothing but nulls.
        return Ok(Vec::new());
    };
    for row in 0..records.len() {
        let Some(bytes) = geometries.get(row).filter(|_| records.is_valid(row)) else {
            continue;
        };
        let values: Vec<(usize, Value<'_>)> = properties
            .iter()
            .enumerate()
            .filter_map(|(key, property)| property.value(row).map(|value| (key, value)))
            .collect();
        let id = ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row));
        let id = id.and_then(|id| u64::try_from(id).ok());
        with_row(bytes, Kinds::Basic, |geometry| layer.add(geometry, id, &values))?;
    }
    Ok(layer.finish())
}

/// Returns the field with the geometry: the one that is named, or the first there is.
fn geometry_index(records: &StructArray, options: &LayerOptions) -> Result<usize, GeometryError> {
    if let Some(name) = &options.geometry {
        return index_of(records, name);
    }
    let fields = records.fields();
    let is_binary = |data_type: &DataType| {
        matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
    };
    fields
        .iter()
        .position(|field| is_geometry(field))
        .or_else(|| fields.iter().position(|field| is_binary(field.data_type())))
        .ok_or_else(|| GeometryError::InvalidArgument {
            reason: "ST_AsMVT: the row has no geometry".to_owned(),
        })
}

fn index_of(records: &StructArray, name: &str) -> Result<usize, GeometryError> {
    records.column_names().iter().position(|known| *known == name).ok_or_else(|| {
        GeometryError::InvalidArgument {
            reason: format!("ST_AsMVT: the row has no field \"{name}\""),
        }
    })
}

fn converted(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef, GeometryError> {
    cast(array, wanted)
        .map_err(|error| GeometryError::InvalidArgument { reason: format!("ST_AsMVT: {error}") })
}

impl Property {
    fn new(array: &ArrayRef) -> Result<Self, GeometryError> {
        let wanted = match array.data_type() {
            DataType::Boolean => DataType::Boolean,
            DataType::UInt64 => DataType::UInt64,
            data_type if data_type.is_integer() => DataType::Int64,
            DataType::Float16 | DataType::Float32 => DataType::Float32,
            DataType::Float64 => DataType::Float64,
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

    fn value(&self, row: usize) -> Option<Value<'_>> {
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
