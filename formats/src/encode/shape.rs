//! Brings geometry columns into the reference system and the form that an encoding wants.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, BinaryBuilder, Float64Builder, RecordBatch, RecordBatchOptions,
    StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use godwit_geometry::transform::Transform;
use godwit_geometry::{Crs, Geometry, GeometryType, WkbColumn, is_geometry, to_iso, wkt};

use crate::FormatError;
use crate::encode::geometry::write_any_geojson;
use crate::encode::text::write_hex;
use crate::encode::{EncodeOptions, GeometryEncoding};

const INTERNAL_PREFIX: &str = "godwit:";
const MAX_DECIMALS: usize = 15;

/// Changes the geometry columns of batches.
pub(super) struct Shaper {
    schema: SchemaRef,
    columns: Vec<Step>,
    is_identity: bool,
}

/// What happens to one column.
enum Step {
    Keep,
    /// Stays binary, in another reference system.
    Reproject(Arc<Transform>),
    /// Becomes text.
    Text(TextForm, Option<Arc<Transform>>),
    /// Becomes two columns.
    LonLat(Option<Arc<Transform>>),
}

#[derive(Clone, Copy)]
enum TextForm {
    GeoJson,
    Wkt,
    Ewkt(Option<i32>),
    HexWkb,
}

impl Shaper {
    /// Plans the changes; geometries stay binary where `form` is `None` or WKB.
    pub(super) fn try_new(
        schema: &Schema,
        options: &EncodeOptions,
        target: Option<&Crs>,
        form: Option<GeometryEncoding>,
    ) -> Result<Self, FormatError> {
        let mut fields = Vec::new();
        let mut columns = Vec::new();
        let mut is_identity = true;
        for field in schema.fields() {
            if !is_geometry(field) {
                fields.push(without_internals(field));
                columns.push(Step::Keep);
                continue;
            }
            let step = plan_geometry(field, options, target, form, &mut fields)?;
            is_identity &= matches!(step, Step::Keep);
            columns.push(step);
        }
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        Ok(Self { schema, columns, is_identity })
    }

    /// Returns the schema of the changed batches.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(super) fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch, FormatError> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        if self.is_identity {
            arrays.extend(batch.columns().iter().map(Arc::clone));
        } else {
            for (array, step) in batch.columns().iter().zip(&self.columns) {
                step.apply(array, &mut arrays)?;
            }
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?)
    }
}

/// Plans one geometry column and adds what it becomes to `fields`.
fn plan_geometry(
    field: &Arc<Field>,
    options: &EncodeOptions,
    target: Option<&Crs>,
    form: Option<GeometryEncoding>,
    fields: &mut Vec<Arc<Field>>,
) -> Result<Step, FormatError> {
    let own = GeometryType::from_field(field)?.unwrap_or_default();
    let source = own.crs.clone().or_else(|| options.assume_crs.clone());
    let mut transform = None;
    if let Some(target) = target {
        let unknown = || FormatError::UnknownCrs { column: field.name().clone() };
        let source = source.as_ref().ok_or_else(unknown)?;
        if source != target {
            transform = Some(Transform::between(source, target)?);
        }
    }
    let transform = transform.filter(|transform| !transform.is_identity());
    let crs = target.cloned().or(source);
    let srid = crs.as_ref().and_then(Crs::srid);
    let text = match form {
        Some(GeometryEncoding::GeoJson) => TextForm::GeoJson,
        Some(GeometryEncoding::Wkt) => TextForm::Wkt,
        Some(GeometryEncoding::Ewkt) => TextForm::Ewkt(srid),
        Some(GeometryEncoding::HexWkb) => TextForm::HexWkb,
        Some(GeometryEncoding::LonLat) => {
            for suffix in ["lon", "lat"] {
                let name = format!("{}_{suffix}", field.name());
                fields.push(Arc::new(Field::new(name, DataType::Float64, true)));
            }
            return Ok(Step::LonLat(transform));
        }
        Some(GeometryEncoding::Wkb) | None => {
            let is_changed = transform.is_some();
            let data_type = if is_changed { DataType::Binary } else { field.data_type().clone() };
            let plain = Field::new(field.name(), data_type, field.is_nullable());
            let plain = plain.with_metadata(without_internals(field).metadata().clone());
            fields.push(Arc::new(GeometryType { crs, edges: own.edges }.annotate(plain)));
            return Ok(transform.map_or(Step::Keep, Step::Reproject));
        }
    };
    fields.push(Arc::new(Field::new(field.name(), DataType::Utf8, field.is_nullable())));
    Ok(Step::Text(text, transform))
}

/// Drops notes that readers left for themselves.
fn without_internals(field: &Arc<Field>) -> Arc<Field> {
    if !field.metadata().keys().any(|key| key.starts_with(INTERNAL_PREFIX)) {
        return Arc::clone(field);
    }
    let mut metadata = field.metadata().clone();
    metadata.retain(|key, _| !key.starts_with(INTERNAL_PREFIX));
    Arc::new(field.as_ref().clone().with_metadata(metadata))
}

impl Step {
    fn apply(&self, array: &ArrayRef, out: &mut Vec<ArrayRef>) -> Result<(), FormatError> {
        match self {
            Self::Keep => out.push(Arc::clone(array)),
            Self::Reproject(transform) => {
                let mut builder = BinaryBuilder::with_capacity(array.len(), 0);
                for_each(array, Some(transform), |wkb| {
                    builder.append_option(wkb);
                    Ok(())
                })?;
                out.push(Arc::new(builder.finish()));
            }
            Self::Text(form, transform) => {
                let mut builder = StringBuilder::with_capacity(array.len(), 0);
                let mut text = Vec::new();
                for_each(array, transform.as_ref(), |wkb| {
                    let Some(wkb) = wkb else {
                        builder.append_null();
                        return Ok(());
                    };
                    text.clear();
                    form.write(Geometry::try_any(wkb)?, &mut text)?;
                    builder.append_value(String::from_utf8_lossy(&text));
                    Ok(())
                })?;
                out.push(Arc::new(builder.finish()));
            }
            Self::LonLat(transform) => {
                let mut lon = Float64Builder::with_capacity(array.len());
                let mut lat = Float64Builder::with_capacity(array.len());
                for_each(array, transform.as_ref(), |wkb| {
                    let geometry = wkb.map(Geometry::try_any).transpose()?;
                    let position = geometry.and_then(Geometry::point_xy);
                    lon.append_option(position.map(|[x, _]| x));
                    lat.append_option(position.map(|[_, y]| y));
                    Ok(())
                })?;
                out.push(Arc::new(lon.finish()));
                out.push(Arc::new(lat.finish()));
            }
        }
        Ok(())
    }
}

impl TextForm {
    fn write(self, geometry: Geometry<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        match self {
            Self::GeoJson => write_any_geojson(geometry, out)?,
            Self::Wkt => out.extend_from_slice(wkt::format(geometry, MAX_DECIMALS).as_bytes()),
            Self::Ewkt(srid) => {
                let text = wkt::format_ewkt(geometry, srid, MAX_DECIMALS);
                out.extend_from_slice(text.as_bytes());
            }
            Self::HexWkb => write_hex(&to_iso(geometry), out),
        }
        Ok(())
    }
}

/// Hands every value of a binary column to `visit`, in the target reference system.
fn for_each(
    array: &ArrayRef,
    transform: Option<&Arc<Transform>>,
    mut visit: impl FnMut(Option<&[u8]>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let column = WkbColumn::try_new(array.as_ref()).ok_or_else(|| FormatError::Unsupported {
        reason: format!("a geometry cannot be {}", array.data_type()),
    })?;
    for row in 0..column.len() {
        match (column.get(row), transform) {
            (Some(wkb), Some(transform)) => {
                visit(Some(&transform.apply(Geometry::try_any(wkb)?)?))?;
            }
            (wkb, _) => visit(wkb)?,
        }
    }
    Ok(())
}
