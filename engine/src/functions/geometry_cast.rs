//! `x::geometry(kind, srid)`: text or bytes to geometry, with the kind and the CRS checked.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, BinaryBuilder};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{
    Crs, Dimension, Edges, Geometry, GeometryError, GeometryType, Kind, WkbColumn, common_crs,
    geodesic, geojson, to_iso, wkt,
};

use crate::sql::rewrite::{GEOGRAPHY_CAST, GEOMETRY_CAST};

/// `x::geometry(kind, srid)`: the value, the kind or an empty text, the SRID or 0; or the same of
/// `x::geography(kind, srid)`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct GeometryCast {
    edges: Edges,
    signature: Signature,
}

impl GeometryCast {
    /// Returns the function that casts to geometries or, with spherical edges, to geographies.
    pub(crate) fn new(edges: Edges) -> Self {
        Self { edges, signature: Signature::any(3, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for GeometryCast {
    fn name(&self) -> &'static str {
        match self.edges {
            Edges::Planar => GEOMETRY_CAST,
            Edges::Spherical => GEOGRAPHY_CAST,
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some(field) = arguments.arg_fields.first() else {
            return plan_err!("a cast to GEOMETRY needs a value");
        };
        let mut crs = None;
        match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                // A literal may name its reference system, as 'SRID=4326;POINT(1 2)'.
                if let Some(text) =
                    arguments.scalar_arguments.first().and_then(|value| literal(*value))
                {
                    let (_, srid) = geometry_from_text(&text).map_err(external)?;
                    crs = srid.filter(|srid| *srid != 0).map(Crs::from_epsg);
                }
            }
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
                let known = GeometryType::from_field(field).map_err(external)?;
                crs = known.and_then(|known| known.crs);
            }
            DataType::Null => {}
            other => return plan_err!("a value of type {other} cannot be cast to GEOMETRY"),
        }
        let wanted = arguments.scalar_arguments.get(2).and_then(|value| integer(*value));
        let wanted = wanted.filter(|srid| *srid != 0).map(Crs::from_epsg);
        let mut crs = common_crs(crs.as_ref(), wanted.as_ref()).map_err(external)?;
        if self.edges == Edges::Spherical {
            crs = Some(geographic(crs)?);
        }
        let geometry = GeometryType { crs, edges: self.edges };
        let is_nullable = field.is_nullable();
        Ok(Arc::new(geometry.annotate(Field::new(self.name(), DataType::Binary, is_nullable))))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(value) = arguments.args.first() else {
            return exec_err!("a cast to GEOMETRY needs a value");
        };
        let kind = match arguments.args.get(1) {
            Some(ColumnarValue::Scalar(kind)) => literal(Some(kind)).unwrap_or_default(),
            _ => String::new(),
        };
        let srid = match arguments.args.get(2) {
            Some(ColumnarValue::Scalar(srid)) => integer(Some(srid)).filter(|srid| *srid != 0),
            _ => None,
        };
        match value {
            ColumnarValue::Array(array) => {
                Ok(ColumnarValue::Array(convert(array.as_ref(), &kind, srid, self.edges)?))
            }
            ColumnarValue::Scalar(scalar) => {
                let array = convert(scalar.to_array()?.as_ref(), &kind, srid, self.edges)?;
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?))
            }
        }
    }
}

/// Returns the reference system of a geography: longitude and latitude on WGS 84 by default.
fn geographic(crs: Option<Crs>) -> Result<Crs> {
    let crs = crs.unwrap_or_else(|| Crs::from_epsg(4326));
    if crs.is_geographic() {
        return Ok(crs);
    }
    Err(external(GeometryError::InvalidArgument {
        reason: format!(
            "a geography is in longitude and latitude, not in {}; bring it there with \
             ST_Transform(geom, 4326)",
            crs.name()
        ),
    }))
}

/// Reads a geometry from WKT, EWKT, `GeoJSON` or hexadecimal WKB, with its SRID where it has one.
pub(crate) fn geometry_from_text(
    text: &str,
) -> std::result::Result<(Vec<u8>, Option<i32>), GeometryError> {
    let text = text.trim();
    if text.starts_with('{') {
        return Ok((geojson::parse(text)?, Some(4326)));
    }
    if let Some(bytes) = from_hex(text) {
        let geometry = Geometry::try_any(&bytes)?;
        return Ok((to_iso(geometry).into_owned(), geometry.srid()));
    }
    wkt::parse(text)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    // WKB starts with its byte order, 00 or 01.
    if !(text.starts_with("00") || text.starts_with("01")) || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn convert(array: &dyn Array, kind: &str, srid: Option<i32>, edges: Edges) -> Result<ArrayRef> {
    let mut builder = BinaryBuilder::with_capacity(array.len(), array.len() * 21);
    let mut append = |bytes: Option<Cow<'_, [u8]>>| -> Result<()> {
        match bytes {
            Some(bytes) => {
                check_kind(&bytes, kind)?;
                match edges {
                    Edges::Planar => builder.append_value(bytes),
                    // Positions beyond the range of degrees are turned into it.
                    Edges::Spherical => {
                        let geometry = Geometry::try_new(&bytes).map_err(external)?;
                        builder.append_value(geodesic::in_range(geometry));
                    }
                }
            }
            None => builder.append_null(),
        }
        Ok(())
    };
    if let Some(column) = WkbColumn::try_new(array) {
        for row in 0..column.len() {
            let bytes = match column.get(row) {
                Some(bytes) => Some(to_iso(Geometry::try_any(bytes).map_err(external)?)),
                None => None,
            };
            append(bytes)?;
        }
        return Ok(Arc::new(builder.finish()));
    }
    for row in 0..array.len() {
        let text = if array.is_null(row) {
            None
        } else {
            match array.data_type() {
                DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
                DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
                DataType::Utf8View => Some(array.as_string_view().value(row)),
                DataType::Null => None,
                other => return exec_err!("a value of type {other} cannot be cast to GEOMETRY"),
            }
        };
        let read = text.map(geometry_from_text).transpose().map_err(external)?;
        if let Some((_, named)) = &read {
            check_srid(*named, srid)?;
        }
        append(read.map(|(bytes, _)| Cow::Owned(bytes)))?;
    }
    Ok(Arc::new(builder.finish()))
}

/// Checks the SRID that a text names against that of the geometries, where both are known.
fn check_srid(named: Option<i32>, srid: Option<i32>) -> Result<()> {
    let named = named.filter(|named| *named != 0 && Some(*named) != srid);
    let (named, srid) = (named.map(Crs::from_epsg), srid.map(Crs::from_epsg));
    common_crs(named.as_ref(), srid.as_ref()).map_err(external)?;
    Ok(())
}

/// Checks a geometry against a kind with its dimension, as `POINTZ`; one of an empty kind fits.
fn check_kind(bytes: &[u8], kind: &str) -> Result<()> {
    if kind.is_empty() {
        return Ok(());
    }
    let (name, dimension) = dimension_of(kind);
    let geometry = Geometry::try_any(bytes).map_err(external)?;
    let found = geometry.kind();
    let is_fit = name == "GEOMETRY"
        || found.wkt_name() == name
        || (name == Kind::GeometryCollection.wkt_name() && found.is_multi());
    if is_fit && geometry.dimension() == dimension {
        return Ok(());
    }
    Err(external(GeometryError::InvalidArgument {
        reason: format!(
            "the geometry is a {}{}, not a {kind}",
            found.wkt_name(),
            suffix(geometry.dimension())
        ),
    }))
}

/// Returns the kind without the letters of its dimension, and the dimension.
fn dimension_of(kind: &str) -> (&str, Dimension) {
    let (name, has_m) = kind.strip_suffix('M').map_or((kind, false), |name| (name, true));
    let (name, has_z) = name.strip_suffix('Z').map_or((name, false), |name| (name, true));
    (name, Dimension::new(has_z, has_m))
}

fn suffix(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Xy => "",
        Dimension::Xyz => "Z",
        Dimension::Xym => "M",
        Dimension::Xyzm => "ZM",
    }
}

/// Returns the text of a literal that is not NULL.
fn literal(value: Option<&ScalarValue>) -> Option<String> {
    match value? {
        ScalarValue::Utf8(text) | ScalarValue::LargeUtf8(text) | ScalarValue::Utf8View(text) => {
            text.clone()
        }
        _ => None,
    }
}

fn integer(value: Option<&ScalarValue>) -> Option<i32> {
    match value? {
        ScalarValue::Int64(Some(number)) => i32::try_from(*number).ok(),
        ScalarValue::Int32(Some(number)) => Some(*number),
        _ => None,
    }
}

fn external(error: GeometryError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
