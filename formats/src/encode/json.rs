//! Rows as JSON objects: in one array or one a line.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::FormatError;
use crate::encode::columns::{Column, Style, member_name};
use crate::encode::shape::Shaper;
use crate::encode::{EncodeOptions, Encoder, Encoding, GeometryEncoding};

pub(super) struct JsonEncoder {
    encoding: Encoding,
    shaper: Shaper,
    style: Style,
    /// The names of the members with quotes and colons.
    names: Vec<Vec<u8>>,
    is_first: bool,
}

/// Returns the shaper of the encodings that write JSON values.
pub(super) fn json_shaper(
    schema: &SchemaRef,
    options: &EncodeOptions,
) -> Result<Shaper, FormatError> {
    let form = match options.geometry {
        // An object, written from the binary geometry.
        None | Some(GeometryEncoding::GeoJson) => None,
        Some(GeometryEncoding::Wkb) => Some(GeometryEncoding::HexWkb),
        other => other,
    };
    Shaper::try_new(schema, options, options.crs.as_ref(), form)
}

/// Returns the columns of a shaped batch.
pub(super) fn columns(batch: &RecordBatch) -> Result<Vec<Column<'_>>, FormatError> {
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        columns.push(Column::try_new(field, array)?);
    }
    Ok(columns)
}

impl JsonEncoder {
    pub(super) fn try_new(
        encoding: Encoding,
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let shaper = json_shaper(schema, options)?;
        let names = shaper.schema().fields().iter().map(|field| member_name(field.name()));
        let names = names.collect();
        let style = Style { is_json: true, int64_as_string: options.int64_as_string };
        Ok(Self { encoding, shaper, style, names, is_first: true })
    }
}

impl Encoder for JsonEncoder {
    fn media_type(&self) -> &'static str {
        self.encoding.media_type()
    }

    fn start(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if self.encoding == Encoding::Json {
            out.push(b'[');
        }
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let columns = columns(&batch)?;
        let is_array = self.encoding == Encoding::Json;
        for row in 0..batch.num_rows() {
            if is_array && !self.is_first {
                out.extend_from_slice(b",\n");
            }
            self.is_first = false;
            out.push(b'{');
            for (index, (name, column)) in self.names.iter().zip(&columns).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(name);
                column.write(row, self.style, out)?;
            }
            out.push(b'}');
            if !is_array {
                out.push(b'\n');
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if self.encoding == Encoding::Json {
            out.extend_from_slice(b"]\n");
        }
        Ok(())
    }
}
