//! Rows as GeoParquet 1.1: WKB, a column of bounds for every geometry, and the `geo` metadata.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, BinaryBuilder, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, IntervalUnit, Schema, SchemaRef};
use godwit_geometry::{Bounds, Crs, Edges, Geometry, GeometryType, WkbColumn, to_iso};
use parquet::arrow::ArrowWriter;
use parquet::basic::Encoding as PageEncoding;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde_json::{Map, Value, json};

use crate::FormatError;
use crate::covering::{BoundsPrecision, bbox_array, bbox_field, bbox_precision};
use crate::encode::shape::Shaper;
use crate::encode::{EncodeOptions, Encoder, Encoding, sql_type_name};
use crate::parquet::GEO_KEY;

/// The rows of a data page; small ones let readers skip by the page index.
const PAGE_ROWS: usize = 4096;
/// The bytes of a row group, when its rows are large.
const ROW_GROUP_BYTES: usize = 64 * 1024 * 1024;
const BBOX_MEMBERS: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

pub(super) struct ParquetEncoder {
    shaper: Shaper,
    schema: SchemaRef,
    geometries: Vec<GeometryColumn>,
    primary: Option<usize>,
    writer: ArrowWriter<Vec<u8>>,
}

/// What is known about the geometries written so far.
struct GeometryColumn {
    /// The place in the shaped batch.
    index: usize,
    name: String,
    geometry_type: GeometryType,
    /// The place and the name of the column of bounds in the file.
    bbox: Option<(usize, String)>,
    kinds: BTreeSet<String>,
    bounds: Bounds,
    heights: Option<(f64, f64)>,
}

impl ParquetEncoder {
    pub(super) fn try_new(
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let form = options.geometry.filter(|form| *form != super::GeometryEncoding::Wkb);
        let shaper = Shaper::try_new(schema, options, options.crs.as_ref(), form)?;
        let mut geometries = Vec::new();
        let mut fields: Vec<FieldRef> = Vec::new();
        for (index, field) in shaper.schema().fields().iter().enumerate() {
            let Some(geometry_type) = GeometryType::from_field(field)? else {
                check_type(field)?;
                fields.push(Arc::clone(field));
                continue;
            };
            // Without the extension the column is plain binary, which GeoParquet 1.1 asks for.
            let stored = Field::new(field.name(), DataType::Binary, field.is_nullable());
            fields.push(Arc::new(if options.parquet.has_native_type {
                geometry_type.annotate(stored)
            } else {
                stored
            }));
            geometries.push(GeometryColumn {
                index,
                name: field.name().clone(),
                geometry_type,
                bbox: None,
                kinds: BTreeSet::new(),
                bounds: Bounds::NOTHING,
                heights: None,
            });
        }
        if options.parquet.has_bbox {
            add_bbox_fields(&mut geometries, &mut fields, options.parquet.bbox_precision);
        }
        let primary = match &options.geometry_column {
            None => 0,
            Some(name) => {
                let found = geometries.iter().position(|column| column.name == *name);
                found.ok_or_else(|| {
                    let reason = "the result has no such geometry";
                    crate::options::invalid("geometry_column", name, reason)
                })?
            }
        };
        let metadata = shaper.schema().metadata().clone();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let properties = properties(options, &geometries);
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))?;
        let primary = (!geometries.is_empty()).then_some(primary);
        Ok(Self { shaper, schema, geometries, primary, writer })
    }

    /// Returns the `geo` metadata of the file.
    fn geo(&self) -> Option<Value> {
        let primary = self.geometries.get(self.primary?)?;
        let columns = self.geometries.iter();
        let columns: Map<String, Value> =
            columns.map(|column| (column.name.clone(), column.to_json())).collect();
        Some(json!({ "version": "1.1.0", "primary_column": primary.name, "columns": columns }))
    }
}

/// Finds a place for the bounds of every geometry: `bbox` for the only one, otherwise a name made
/// of the geometry's. A column that already looks like bounds is written anew.
/// Refuses a column of a type that the format does not have.
fn check_type(field: &Field) -> Result<(), FormatError> {
    if *field.data_type() != DataType::Interval(IntervalUnit::MonthDayNano) {
        return Ok(());
    }
    let name = field.name();
    let reason = format!(
        "column \"{name}\" is of type {}, which Parquet does not have: write CAST(\"{name}\" AS TEXT)",
        sql_type_name(field)
    );
    Err(FormatError::Unsupported { reason })
}

fn add_bbox_fields(
    geometries: &mut [GeometryColumn],
    fields: &mut Vec<FieldRef>,
    precision: BoundsPrecision,
) {
    let is_only = geometries.len() == 1;
    for geometry in geometries {
        let named = format!("{}_bbox", geometry.name);
        let usable = |name: &str, fields: &[FieldRef]| {
            let existing = fields.iter().find(|field| field.name() == name);
            existing.is_none_or(|field| bbox_precision(field).is_some())
        };
        let name = if is_only && usable("bbox", fields) { "bbox".to_owned() } else { named };
        if !usable(&name, fields) {
            continue;
        }
        let field = Arc::new(bbox_field(&name, precision));
        let place = fields.iter().position(|field| *field.name() == name);
        match place.and_then(|place| fields.get_mut(place)) {
            Some(existing) => *existing = field,
            None => fields.push(field),
        }
        geometry.bbox = Some((place.unwrap_or(fields.len() - 1), name));
    }
}

fn properties(options: &EncodeOptions, geometries: &[GeometryColumn]) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(options.parquet.compression)
        .set_max_row_group_row_count(Some(options.parquet.row_group_rows))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_created_by(concat!("godwit ", env!("CARGO_PKG_VERSION")).to_owned());
    for geometry in geometries {
        // The least and greatest bytes of geometries say nothing; native ones have boxes instead.
        let statistics = if options.parquet.has_native_type {
            EnabledStatistics::Chunk
        } else {
            EnabledStatistics::None
        };
        let column = ColumnPath::from(geometry.name.as_str());
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_statistics_enabled(column, statistics);
        let Some((_, name)) = &geometry.bbox else { continue };
        for member in BBOX_MEMBERS {
            let column = ColumnPath::from(vec![name.clone(), member.to_owned()]);
            builder = builder
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, PageEncoding::BYTE_STREAM_SPLIT);
        }
    }
    builder.build()
}

impl GeometryColumn {
    /// Notes kinds and bounds, and returns the column as ISO WKB.
    fn take(&mut self, array: &ArrayRef) -> Result<ArrayRef, FormatError> {
        let refused = || FormatError::Unsupported {
            reason: format!("column \"{}\" is {}", self.name, array.data_type()),
        };
        let column = WkbColumn::try_new(array.as_ref()).ok_or_else(refused)?;
        let mut builder = BinaryBuilder::with_capacity(array.len(), array.get_buffer_memory_size());
        let mut last_kind = None;
        for row in 0..column.len() {
            let Some(geometry) = column.geometry(row)? else {
                builder.append_null();
                continue;
            };
            let kind = (geometry.kind(), geometry.dimension());
            if last_kind != Some(kind) {
                last_kind = Some(kind);
                let z = if geometry.dimension().has_z() { " Z" } else { "" };
                self.kinds.insert(format!("{}{z}", geometry.kind().geojson_name()));
            }
            self.note_bounds(geometry);
            builder.append_value(to_iso(geometry));
        }
        Ok(Arc::new(builder.finish()))
    }

    fn note_bounds(&mut self, geometry: Geometry<'_>) {
        let Some(bounds) = geometry.bounds() else { return };
        self.bounds = self.bounds.merge(&bounds);
        if !geometry.dimension().has_z() {
            return;
        }
        geometry.coords(|coord| {
            if coord.z.is_finite() {
                let (low, high) = self.heights.unwrap_or((coord.z, coord.z));
                self.heights = Some((low.min(coord.z), high.max(coord.z)));
            }
        });
    }

    fn to_json(&self) -> Value {
        let mut column = Map::new();
        column.insert("encoding".to_owned(), json!("WKB"));
        column.insert("geometry_types".to_owned(), json!(self.kinds));
        match &self.geometry_type.crs {
            // Longitude and latitude is what a missing member means.
            Some(crs) if *crs == Crs::wgs84() => None,
            Some(crs) => column.insert("crs".to_owned(), crs.to_json()),
            None => column.insert("crs".to_owned(), Value::Null),
        };
        if self.geometry_type.edges == Edges::Spherical {
            column.insert("edges".to_owned(), json!("spherical"));
        }
        let Bounds { xmin, ymin, xmax, ymax } = self.bounds;
        if !self.bounds.is_nothing() {
            let bbox = match self.heights {
                Some((low, high)) => json!([xmin, ymin, low, xmax, ymax, high]),
                None => json!([xmin, ymin, xmax, ymax]),
            };
            column.insert("bbox".to_owned(), bbox);
        }
        if let Some((_, name)) = &self.bbox {
            let members = BBOX_MEMBERS.map(|member| (member.to_owned(), json!([name, member])));
            let members: Map<String, Value> = members.into_iter().collect();
            column.insert("covering".to_owned(), json!({ "bbox": members }));
        }
        Value::Object(column)
    }
}

impl Encoder for ParquetEncoder {
    fn media_type(&self) -> &'static str {
        Encoding::Parquet.media_type()
    }

    fn start(&mut self, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let mut columns: Vec<ArrayRef> = batch.columns().iter().map(Arc::clone).collect();
        for geometry in &mut self.geometries {
            let Some(place) = columns.get_mut(geometry.index) else { continue };
            let array = geometry.take(place)?;
            *place = Arc::clone(&array);
            let Some((index, _)) = &geometry.bbox else { continue };
            let precision =
                self.schema.fields().get(*index).and_then(|field| bbox_precision(field));
            let precision = precision.unwrap_or(BoundsPrecision::Single);
            let bbox: ArrayRef = Arc::new(bbox_array(array.as_ref(), precision)?);
            match columns.get_mut(*index) {
                Some(place) => *place = bbox,
                None => columns.push(bbox),
            }
        }
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)?;
        out.append(self.writer.inner_mut());
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if let Some(geo) = self.geo() {
            let entry = KeyValue::new(GEO_KEY.to_owned(), geo.to_string());
            self.writer.append_key_value_metadata(entry);
        }
        self.writer.finish()?;
        out.append(self.writer.inner_mut());
        Ok(())
    }
}
