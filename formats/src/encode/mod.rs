//! Results as bytes: encoders that take batches and give pieces of a file or an answer.

mod arrow;
mod attributes;
mod columns;
mod csv;
mod encoding;
mod flatgeobuf;
mod geojson;
mod geometry;
mod geopackage;
mod intervals;
mod json;
mod options;
mod parquet;
#[cfg(test)]
mod read_back_tests;
mod shape;
mod table;
mod temporal;
#[cfg(test)]
mod tests;
mod text;

use ::arrow::array::RecordBatch;
use ::arrow::datatypes::SchemaRef;

use crate::FormatError;

pub use encoding::Encoding;
pub use intervals::interval_text;
pub use options::{CsvOptions, EncodeOptions, GeometryEncoding, ParquetOptions};
pub use table::sql_type_name;

/// About how long the pieces are that [`Encoder::rest`] appends.
const PIECE_BYTES: usize = 1024 * 1024;

/// Turns batches into bytes. Every method appends to `out`; the bytes of `start`, every `write`,
/// `finish` and every `rest` in this order are the file.
pub trait Encoder: Send {
    /// Returns the media type of the bytes.
    fn media_type(&self) -> &'static str;

    /// Writes what comes before the rows.
    fn start(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// Writes the rows of a batch.
    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// Writes what comes after the rows.
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// Returns whether rows wait in temporary files, because they have to be put in order before
    /// the first byte is known. All bytes come out of `rest` then.
    fn is_spooled(&self) -> bool {
        false
    }

    /// Writes the next piece of what comes after `finish`, and says whether to ask again.
    fn rest(&mut self, _out: &mut Vec<u8>) -> Result<bool, FormatError> {
        Ok(false)
    }

    /// Ends the file with an error in place of `finish`, if the encoding has room for one;
    /// otherwise writes nothing and returns false. The error is a JSON object.
    fn fail(&mut self, _error: &serde_json::Value, _out: &mut Vec<u8>) -> bool {
        false
    }
}

/// Returns an encoder for rows of a schema.
pub fn encoder(
    encoding: Encoding,
    schema: &SchemaRef,
    options: &EncodeOptions,
) -> Result<Box<dyn Encoder>, FormatError> {
    Ok(match encoding {
        Encoding::Json | Encoding::Ndjson => {
            Box::new(json::JsonEncoder::try_new(encoding, schema, options)?)
        }
        Encoding::Table => Box::new(table::TableEncoder::try_new(schema, options)?),
        Encoding::Csv | Encoding::Tsv => {
            Box::new(csv::CsvEncoder::try_new(encoding, schema, options)?)
        }
        Encoding::Arrow => Box::new(arrow::ArrowEncoder::stream(schema, options)?),
        Encoding::ArrowFile => Box::new(arrow::ArrowEncoder::file(schema, options)?),
        Encoding::Parquet => Box::new(parquet::ParquetEncoder::try_new(schema, options)?),
        Encoding::GeoJson | Encoding::GeoJsonSeq => {
            Box::new(geojson::GeoJsonEncoder::try_new(encoding, schema, options)?)
        }
        Encoding::FlatGeobuf => Box::new(flatgeobuf::FlatGeobufEncoder::try_new(schema, options)?),
        Encoding::GeoPackage => Box::new(geopackage::GeoPackageEncoder::try_new(schema, options)?),
    })
}
