//! Geometry columns in the format a client asked for.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, BinaryBuilder, StringBuilder};
use arrow::datatypes::DataType;
use godwit_engine::geometry::{Geometry, GeometryError, WkbColumn, curve, geojson, to_ewkb, wkt};

use super::error::WireError;

/// The significant digits of a coordinate in WKT.
const WKT_DECIMALS: usize = 15;
/// The decimals of a coordinate in GeoJSON.
const GEOJSON_DECIMALS: usize = 9;

/// How geometry columns leave the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::flight) enum GeometryFormat {
    /// Binary ISO WKB with `geoarrow.wkb` field metadata.
    #[default]
    Wkb,
    /// Text as WKT.
    Wkt,
    /// Binary EWKB with the SRID of the column.
    Ewkb,
    /// Text as a GeoJSON geometry.
    GeoJson,
}

impl GeometryFormat {
    /// Returns the format of an option value.
    pub(in crate::flight) fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "wkb" => Some(Self::Wkb),
            "wkt" => Some(Self::Wkt),
            "ewkb" => Some(Self::Ewkb),
            "geojson" => Some(Self::GeoJson),
            _ => None,
        }
    }

    /// Returns the name of the format as an option value.
    pub(in crate::flight) fn name(self) -> &'static str {
        match self {
            Self::Wkb => "wkb",
            Self::Wkt => "wkt",
            Self::Ewkb => "ewkb",
            Self::GeoJson => "geojson",
        }
    }

    /// Returns the Arrow type of a geometry column in this format.
    pub(super) fn data_type(self) -> DataType {
        match self {
            Self::Wkb | Self::Ewkb => DataType::Binary,
            Self::Wkt | Self::GeoJson => DataType::Utf8,
        }
    }
}

/// Rewrites a WKB column, row by row, into `format`.
pub(super) fn rewrite(
    column: &str,
    array: &ArrayRef,
    format: GeometryFormat,
    srid: Option<i32>,
) -> Result<ArrayRef, WireError> {
    let failed = |reason: String| WireError::Geometry {
        column: column.to_owned(),
        format: format.name(),
        reason,
    };
    let wkb = WkbColumn::try_new(array.as_ref())
        .ok_or_else(|| failed(format!("{} is not a WKB column", array.data_type())))?;
    let parse = |bytes| Geometry::try_any(bytes).map_err(|error| failed(error.to_string()));

    if format.data_type() == DataType::Binary {
        let mut builder = BinaryBuilder::with_capacity(array.len(), array.len() * 32);
        for row in 0..array.len() {
            match wkb.get(row) {
                Some(bytes) => builder.append_value(to_ewkb(parse(bytes)?, srid)),
                None => builder.append_null(),
            }
        }
        return Ok(Arc::new(builder.finish()));
    }
    let mut builder = StringBuilder::with_capacity(array.len(), array.len() * 32);
    let mut text = String::new();
    for row in 0..array.len() {
        let Some(bytes) = wkb.get(row) else {
            builder.append_null();
            continue;
        };
        let geometry = parse(bytes)?;
        if format == GeometryFormat::GeoJson {
            text.clear();
            append_geojson(&mut text, geometry).map_err(|error| failed(error.to_string()))?;
            builder.append_value(&text);
        } else {
            builder.append_value(wkt::format(geometry, WKT_DECIMALS));
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// Appends a geometry as GeoJSON, with segments in place of arcs.
fn append_geojson(text: &mut String, geometry: Geometry<'_>) -> Result<(), GeometryError> {
    let basic = curve::to_basic(geometry)?;
    geojson::write(text, Geometry::try_any(&basic)?, GEOJSON_DECIMALS);
    Ok(())
}
