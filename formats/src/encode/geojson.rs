//! Rows as GeoJSON features.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use godwit_geometry::{Crs, is_geometry};

use crate::FormatError;
use crate::encode::columns::{Column, Style, member_name};
use crate::encode::geometry::write_any_geojson;
use crate::encode::json::columns;
use crate::encode::shape::Shaper;
use crate::encode::text::write_string;
use crate::encode::{EncodeOptions, Encoder, Encoding};

pub(super) struct GeoJsonEncoder {
    encoding: Encoding,
    shaper: Shaper,
    style: Style,
    /// The geometry column.
    geometry: usize,
    id: Option<usize>,
    /// The other columns and the names of their members.
    properties: Vec<(usize, Vec<u8>)>,
    /// A reference system that was asked for against the custom of the format.
    crs: Option<Crs>,
    is_first: bool,
}

impl GeoJsonEncoder {
    pub(super) fn try_new(
        encoding: Encoding,
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let format = if encoding == Encoding::GeoJson { "GeoJSON" } else { "GeoJSONSeq" };
        let fields = schema.fields();
        let geometry = match &options.geometry_column {
            Some(name) => fields.iter().position(|field| field.name().eq_ignore_ascii_case(name)),
            None => fields.iter().position(|field| is_geometry(field)),
        };
        let geometry = geometry
            .filter(|index| fields.get(*index).is_some_and(|field| is_geometry(field)))
            .ok_or(FormatError::NoGeometryColumn { format })?;
        let id = match &options.id_column {
            None => None,
            Some(name) => {
                let found = fields.iter().position(|field| field.name().eq_ignore_ascii_case(name));
                let missing =
                    || crate::options::invalid("id_column", name, "the result has no such column");
                Some(found.ok_or_else(missing)?)
            }
        };
        let usual = Crs::wgs84();
        let crs = options.crs.clone().filter(|crs| *crs != usual);
        let target = crs.as_ref().unwrap_or(&usual);
        let shaper = Shaper::try_new(schema, options, Some(target), None)?;
        let properties = fields.iter().enumerate();
        let properties = properties
            .filter(|(index, _)| *index != geometry && Some(*index) != id)
            .map(|(index, field)| (index, member_name(field.name())))
            .collect();
        let style = Style { is_json: true, int64_as_string: options.int64_as_string };
        Ok(Self { encoding, shaper, style, geometry, id, properties, crs, is_first: true })
    }

    fn write_feature(
        &self,
        columns: &[Column<'_>],
        row: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        out.extend_from_slice(b"{\"type\":\"Feature\"");
        if let Some(id) = self.id.and_then(|index| columns.get(index))
            && !id.is_null(row)
        {
            out.extend_from_slice(b",\"id\":");
            id.write(row, self.style, out)?;
        }
        out.extend_from_slice(b",\"geometry\":");
        match columns.get(self.geometry).map(|column| column.geometry(row)).transpose()?.flatten() {
            Some(geometry) => write_any_geojson(geometry, out)?,
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"properties\":{");
        let mut is_first = true;
        for (index, name) in &self.properties {
            let Some(column) = columns.get(*index) else { continue };
            if !is_first {
                out.push(b',');
            }
            is_first = false;
            out.extend_from_slice(name);
            column.write(row, self.style, out)?;
        }
        out.extend_from_slice(b"}}");
        Ok(())
    }
}

impl Encoder for GeoJsonEncoder {
    fn media_type(&self) -> &'static str {
        self.encoding.media_type()
    }

    fn start(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if self.encoding != Encoding::GeoJson {
            return Ok(());
        }
        out.extend_from_slice(b"{\"type\":\"FeatureCollection\",");
        if let Some(crs) = &self.crs {
            out.extend_from_slice(b"\"crs\":{\"type\":\"name\",\"properties\":{\"name\":");
            let name = match crs.authority() {
                Some((authority, code)) => format!("urn:ogc:def:crs:{authority}::{code}"),
                None => crs.name(),
            };
            write_string(&name, out);
            out.extend_from_slice(b"}},");
        }
        out.extend_from_slice(b"\"features\":[");
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let columns = columns(&batch)?;
        let is_collection = self.encoding == Encoding::GeoJson;
        for row in 0..batch.num_rows() {
            if is_collection {
                out.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
                self.is_first = false;
            }
            self.write_feature(&columns, row, out)?;
            if !is_collection {
                out.push(b'\n');
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if self.encoding == Encoding::GeoJson {
            out.extend_from_slice(b"\n]}\n");
        }
        Ok(())
    }
}
