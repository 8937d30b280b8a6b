//! The `geo` metadata of GeoParquet, as it is read.

use std::collections::HashMap;

use arrow::datatypes::{Field, Schema};
use godwit_geometry::{Crs, Edges, GeometryError, GeometryType, is_geometry};
use serde_json::Value;

use crate::geoarrow::{Shape, native_shape, wkb_field};

/// The key of the metadata in a Parquet footer.
pub(crate) const GEO_KEY: &str = "geo";

/// A geometry column of one file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GeoColumn {
    /// The native encoding; WKB when `None`.
    pub(crate) shape: Option<Shape>,
    pub(crate) geometry_type: GeometryType,
}

/// The geometry columns of one file by their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct GeoMetadata {
    columns: HashMap<String, GeoColumn>,
}

impl GeoMetadata {
    /// Reads what a file says about its geometries: the `geo` metadata first, then the types of
    /// its columns.
    pub(crate) fn from_file(schema: &Schema) -> Result<Self, GeometryError> {
        let mut metadata = Self::default();
        for field in schema.fields() {
            if let Some(column) = declared_column(field, schema)? {
                metadata.columns.insert(field.name().clone(), column);
            }
        }
        if let Some(text) = schema.metadata().get(GEO_KEY) {
            metadata.add_geo(text, schema)?;
        }
        Ok(metadata)
    }

    pub(crate) fn column(&self, name: &str) -> Option<&GeoColumn> {
        self.columns.get(name)
    }

    fn add_geo(&mut self, text: &str, schema: &Schema) -> Result<(), GeometryError> {
        let refused = |reason: String| GeometryError::InvalidArgument {
            reason: format!("the \"geo\" metadata of the file is broken: {reason}"),
        };
        let geo: Value = serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        let columns = geo.get("columns").and_then(Value::as_object);
        for (name, column) in columns.into_iter().flatten() {
            let Ok(field) = schema.field_with_name(name) else { continue };
            let encoding = column.get("encoding").and_then(Value::as_str).unwrap_or("WKB");
            let shape = if encoding.eq_ignore_ascii_case("wkb") {
                None
            } else {
                let encoding = encoding.to_ascii_lowercase();
                // As it was called before version 1.1.
                let shape = encoding.strip_prefix("geoarrow.").unwrap_or(&encoding);
                let shape = Shape::from_name(shape);
                Some(shape.filter(|shape| shape.fits(field.data_type())).ok_or_else(|| {
                    refused(format!("column \"{name}\" is not in encoding \"{encoding}\""))
                })?)
            };
            let geometry_type = GeometryType { crs: crs(column)?, edges: edges(column) };
            self.columns.insert(name.clone(), GeoColumn { shape, geometry_type });
        }
        Ok(())
    }
}

/// Returns what the type of a column says.
fn declared_column(field: &Field, file: &Schema) -> Result<Option<GeoColumn>, GeometryError> {
    let shape = native_shape(field);
    if shape.is_none() && !is_geometry(field) {
        return Ok(None);
    }
    let shown = if shape.is_some() { wkb_field(field)? } else { field.clone() };
    let Some(mut geometry_type) = GeometryType::from_field(&shown)? else { return Ok(None) };
    if let Some(text) = system_of_file(field, file) {
        geometry_type.crs = match serde_json::from_str(text) {
            Ok(json) => Crs::from_json(&json)?,
            Err(_text) => Some(Crs::parse(text)?),
        };
    }
    Ok(Some(GeoColumn { shape, geometry_type }))
}

/// Returns the definition of a reference system that a column names by a key in the metadata of its
/// file: `projjson:key`.
fn system_of_file<'a>(field: &Field, file: &'a Schema) -> Option<&'a String> {
    let extension = field.metadata().get("ARROW:extension:metadata")?;
    if !extension.contains("projjson:") {
        return None;
    }
    let extension: Value = serde_json::from_str(extension).ok()?;
    file.metadata().get(extension.get("crs")?.as_str()?.strip_prefix("projjson:")?)
}

/// A missing reference system is longitude and latitude, `null` is unknown.
fn crs(column: &Value) -> Result<Option<Crs>, GeometryError> {
    match column.get("crs") {
        None => Ok(Some(Crs::wgs84())),
        Some(Value::Null) => Ok(None),
        Some(crs) => Crs::from_json(crs),
    }
}

fn edges(column: &Value) -> Edges {
    match column.get("edges").and_then(Value::as_str) {
        None | Some("planar") => Edges::Planar,
        Some(_) => Edges::Spherical,
    }
}
