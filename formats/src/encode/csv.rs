//! Rows as delimited text.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::FormatError;
use crate::encode::columns::Style;
use crate::encode::json::columns;
use crate::encode::shape::Shaper;
use crate::encode::{CsvOptions, EncodeOptions, Encoder, Encoding, GeometryEncoding};

pub(super) struct CsvEncoder {
    encoding: Encoding,
    shaper: Shaper,
    options: CsvOptions,
    delimiter: u8,
}

impl CsvEncoder {
    pub(super) fn try_new(
        encoding: Encoding,
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let form = match options.geometry {
            None => GeometryEncoding::Wkt,
            Some(GeometryEncoding::Wkb) => GeometryEncoding::HexWkb,
            Some(form) => form,
        };
        let shaper = Shaper::try_new(schema, options, options.crs.as_ref(), Some(form))?;
        let usual = if encoding == Encoding::Tsv { b'\t' } else { b',' };
        let delimiter = options.csv.delimiter.unwrap_or(usual);
        Ok(Self { encoding, shaper, options: options.csv.clone(), delimiter })
    }

    /// Puts quotes around the value that begins at `start` if it needs them.
    fn quote(&self, start: usize, out: &mut Vec<u8>) {
        let quote = self.options.quote;
        let value = out.get(start..).unwrap_or_default();
        let is_special =
            |byte: &u8| *byte == self.delimiter || *byte == quote || matches!(byte, b'\n' | b'\r');
        // An empty text is not NULL, and a text that looks like NULL is not either.
        if !value.iter().any(is_special) && value != self.options.null.as_bytes() {
            return;
        }
        let value = value.to_vec();
        out.truncate(start);
        out.push(quote);
        for byte in value {
            if byte == quote {
                out.push(quote);
            }
            out.push(byte);
        }
        out.push(quote);
    }
}

impl Encoder for CsvEncoder {
    fn media_type(&self) -> &'static str {
        self.encoding.media_type()
    }

    fn start(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if !self.options.has_header {
            return Ok(());
        }
        for (index, field) in self.shaper.schema().fields().iter().enumerate() {
            if index > 0 {
                out.push(self.delimiter);
            }
            let start = out.len();
            out.extend_from_slice(field.name().as_bytes());
            self.quote(start, out);
        }
        out.push(b'\n');
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let columns = columns(&batch)?;
        let style = Style { is_json: false, int64_as_string: false };
        for row in 0..batch.num_rows() {
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    out.push(self.delimiter);
                }
                if column.is_null(row) {
                    out.extend_from_slice(self.options.null.as_bytes());
                    continue;
                }
                let start = out.len();
                column.write(row, style, out)?;
                self.quote(start, out);
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }
}
