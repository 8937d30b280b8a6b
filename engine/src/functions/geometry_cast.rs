//! `x::geometry(kind, srid)`: text or bytes to geometry, with the kind and the CRS checked.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, BinaryBuilder};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{
    Crs, DeclaredKind, Edges, Geometry, GeometryError, GeometryType, WkbColumn, check_column_crs,
    geodesic, geojson, to_iso, wkt,
};

use super::columnar::mapped;
use crate::error::external;
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
                crs = match GeometryType::from_field(field).map_err(external)? {
                    Some(known) => known.crs,
                    // Bytes that are written in the statement may name it, too.
                    None => arguments.scalar_arguments.first().and_then(|value| named(*value)),
                };
            }
            DataType::Null => {}
            other => return plan_err!("a value of type {other} cannot be cast to GEOMETRY"),
        }
        let wanted = arguments.scalar_arguments.get(2).and_then(|value| integer(*value));
        let wanted = wanted.filter(|srid| *srid != 0).map(Crs::from_epsg);
        if wanted.is_some() {
            check_column_crs(crs.as_ref(), wanted.as_ref()).map_err(external)?;
        }
        let mut crs = wanted.or(crs);
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
        let target = GeometryTarget {
            kind: DeclaredKind::parse(&kind),
            crs: GeometryType::from_field(&arguments.return_field)
                .map_err(external)?
                .and_then(|geometry| geometry.crs),
            edges: self.edges,
        };
        mapped(value, |array| target.convert(array.as_ref()))
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

/// What values become.
#[derive(Debug)]
pub(crate) struct GeometryTarget {
    /// The kind that they must have.
    pub(crate) kind: Option<DeclaredKind>,
    /// The reference system; values that name another one are refused.
    pub(crate) crs: Option<Crs>,
    /// How lines run.
    pub(crate) edges: Edges,
}

impl GeometryTarget {
    /// Returns what values become in a field of geometries.
    pub(crate) fn of(field: &Field) -> std::result::Result<Self, GeometryError> {
        let GeometryType { crs, edges } = GeometryType::from_field(field)?.unwrap_or_default();
        Ok(Self { kind: None, crs, edges })
    }

    /// Returns texts or bytes of a client as geometries; bytes that need no change as they are.
    pub(crate) fn taken(&self, column: &ArrayRef) -> Result<ArrayRef> {
        match WkbColumn::try_new(column.as_ref()) {
            Some(bytes) if bytes.is_plain() => Ok(Arc::clone(column)),
            _ => self.convert(column.as_ref()),
        }
    }

    /// Returns texts or bytes as geometries.
    pub(crate) fn convert(&self, array: &dyn Array) -> Result<ArrayRef> {
        let mut builder = BinaryBuilder::with_capacity(array.len(), array.len() * 21);
        if let Some(column) = WkbColumn::try_new(array) {
            for row in 0..column.len() {
                let Some(bytes) = column.get(row) else {
                    builder.append_null();
                    continue;
                };
                let geometry = Geometry::try_any(bytes).map_err(external)?;
                self.check_srid(geometry.srid())?;
                builder.append_value(self.fitted(geometry)?);
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
                    other => {
                        return exec_err!("a value of type {other} cannot be cast to GEOMETRY");
                    }
                }
            };
            let Some(text) = text else {
                builder.append_null();
                continue;
            };
            let (bytes, srid) = geometry_from_text(text).map_err(external)?;
            // That of GeoJSON is not written in it, and so is nothing that could be lost.
            if self.crs.is_some() || !text.trim_start().starts_with('{') {
                self.check_srid(srid)?;
            }
            builder.append_value(self.fitted(Geometry::try_any(&bytes).map_err(external)?)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Checks that a geometry that names an SRID does not lose it.
    fn check_srid(&self, srid: Option<i32>) -> Result<()> {
        let named = srid.filter(|srid| *srid != 0).map(Crs::from_epsg);
        check_column_crs(named.as_ref(), self.crs.as_ref()).map_err(external)
    }

    /// Returns the bytes of a geometry, as the target takes it.
    fn fitted<'a>(&self, geometry: Geometry<'a>) -> Result<Cow<'a, [u8]>> {
        let fitted = match self.kind {
            Some(kind) => kind.fitted(geometry).map_err(external)?,
            None => to_iso(geometry),
        };
        if self.edges == Edges::Planar {
            return Ok(fitted);
        }
        // Positions beyond the range of degrees are turned into it; arcs are not taken.
        let turned = geodesic::in_range(Geometry::try_new(&fitted).map_err(external)?).into_owned();
        Ok(Cow::Owned(turned))
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

/// Returns the reference system that a literal of bytes names.
fn named(value: Option<&ScalarValue>) -> Option<Crs> {
    let (ScalarValue::Binary(Some(bytes))
    | ScalarValue::LargeBinary(Some(bytes))
    | ScalarValue::BinaryView(Some(bytes))) = value?
    else {
        return None;
    };
    let srid = Geometry::try_any(bytes).ok()?.srid()?;
    (srid != 0).then(|| Crs::from_epsg(srid))
}

fn integer(value: Option<&ScalarValue>) -> Option<i32> {
    match value? {
        ScalarValue::Int64(Some(number)) => i32::try_from(*number).ok(),
        ScalarValue::Int32(Some(number)) => Some(*number),
        _ => None,
    }
}
