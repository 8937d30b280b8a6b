//! Geometry types in Arrow: the `geoarrow.wkb` extension and its metadata.

use std::collections::HashMap;

use arrow_schema::{DataType, Field};
use serde_json::{Map, Value};

use crate::{Crs, GeometryError};

const EXTENSION_NAME: &str = "ARROW:extension:name";
const EXTENSION_METADATA: &str = "ARROW:extension:metadata";
const GEOARROW_WKB: &str = "geoarrow.wkb";

/// How the line between two coordinates runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Edges {
    /// Straight in the plane of the coordinates.
    #[default]
    Planar,
    /// Along a great circle: the type is a geography.
    Spherical,
}

/// The type of a geometry column beyond its binary layout.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeometryType {
    /// The reference system of the coordinates, if known.
    pub crs: Option<Crs>,
    /// How the line between two coordinates runs.
    pub edges: Edges,
}

impl GeometryType {
    /// Returns a planar type in a reference system.
    pub fn new(crs: Option<Crs>) -> Self {
        Self { crs, edges: Edges::Planar }
    }

    /// Returns the type of a field, or nothing when the field does not say that it is a geometry.
    ///
    /// A bare binary field may hold geometries but says nothing.
    pub fn from_field(field: &Field) -> Result<Option<Self>, GeometryError> {
        if !is_geometry(field) {
            return Ok(None);
        }
        let Some(text) = field.metadata().get(EXTENSION_METADATA).filter(|text| !text.is_empty())
        else {
            return Ok(Some(Self::default()));
        };
        let metadata: Value = serde_json::from_str(text).map_err(|error| {
            let reason = format!("the extension metadata is not JSON: {error}");
            GeometryError::UnknownCrs { crs: field.name().clone(), reason }
        })?;
        let crs = match metadata.get("crs") {
            None | Some(Value::Null) => None,
            Some(crs) => Crs::from_json(crs)?,
        };
        let edges = match metadata.get("edges").and_then(Value::as_str) {
            None | Some("planar") => Edges::Planar,
            Some(_) => Edges::Spherical,
        };
        Ok(Some(Self { crs, edges }))
    }

    /// Returns how lines run in a field, or nothing when it does not say that it is a geometry or
    /// says more that cannot be read.
    ///
    /// A reference system may take kilobytes, so it is read only where edges are spoken of.
    pub fn edges_of(field: &Field) -> Option<Edges> {
        let text = field.metadata().get(EXTENSION_METADATA).map_or("", String::as_str);
        if is_geometry(field) && !text.contains("edges") {
            return Some(Edges::Planar);
        }
        Self::from_field(field).ok().flatten().map(|geometry| geometry.edges)
    }

    /// Returns the field with this type in its metadata.
    #[must_use]
    pub fn annotate(&self, field: Field) -> Field {
        let mut metadata = field.metadata().clone();
        metadata.extend(self.metadata());
        field.with_metadata(metadata)
    }

    /// Returns a new binary field of this type.
    pub fn field(&self, name: &str, nullable: bool) -> Field {
        Field::new(name, DataType::Binary, nullable).with_metadata(self.metadata())
    }

    fn metadata(&self) -> HashMap<String, String> {
        let mut extension = Map::new();
        if let Some(crs) = &self.crs {
            let json = crs.to_json();
            let crs_type = if json.is_object() { "projjson" } else { "authority_code" };
            extension.insert("crs".to_owned(), json);
            extension.insert("crs_type".to_owned(), Value::from(crs_type));
        }
        if self.edges == Edges::Spherical {
            extension.insert("edges".to_owned(), Value::from("spherical"));
        }
        HashMap::from([
            (EXTENSION_NAME.to_owned(), GEOARROW_WKB.to_owned()),
            (EXTENSION_METADATA.to_owned(), Value::Object(extension).to_string()),
        ])
    }
}

/// Returns whether a field says that it holds geometries as WKB.
pub fn is_geometry(field: &Field) -> bool {
    let has_layout = matches!(
        field.data_type(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView
    );
    let name = field.metadata().get(EXTENSION_NAME).map(String::as_str);
    has_layout && matches!(name, Some(GEOARROW_WKB | "ogc.wkb"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_survives_the_field() {
        for crs in [None, Some(Crs::wgs84()), Some(Crs::from_epsg(3857))] {
            for edges in [Edges::Planar, Edges::Spherical] {
                let geometry_type = GeometryType { crs: crs.clone(), edges };
                let field = geometry_type.field("geom", true);
                assert!(is_geometry(&field));
                assert_eq!(GeometryType::edges_of(&field), Some(edges));
                assert_eq!(GeometryType::from_field(&field), Ok(Some(geometry_type)));
            }
        }
    }

    #[test]
    fn bare_binary_is_no_geometry_type() {
        let field = Field::new("geom", DataType::Binary, true);
        assert_eq!(GeometryType::from_field(&field), Ok(None));
        assert_eq!(GeometryType::edges_of(&field), None);
        let annotated = GeometryType::default().annotate(field);
        assert_eq!(GeometryType::from_field(&annotated), Ok(Some(GeometryType::default())));
    }

    #[test]
    fn broken_metadata_is_refused() {
        let metadata = HashMap::from([
            (EXTENSION_NAME.to_owned(), GEOARROW_WKB.to_owned()),
            (EXTENSION_METADATA.to_owned(), "{".to_owned()),
        ]);
        let field = Field::new("geom", DataType::Binary, true).with_metadata(metadata);
        assert!(GeometryType::from_field(&field).is_err());
    }
}
