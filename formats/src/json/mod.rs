//! JSON rows: objects one after the other or in one array.

mod nested_text;
mod reader;
mod shape;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::options::{ASSUMED_CRS, COMPRESSION, Options, WRITTEN_CRS};
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// JSON rows.
pub(crate) static JSON: Json = Json;

static DESCRIPTION: Description = Description {
    name: "JSON",
    aliases: &["NDJSON", "JSONL"],
    extensions: &["json", "ndjson", "jsonl"],
    media_type: "application/x-ndjson",
    summary: "JSON objects, one a line or in one array; nested values become structs and lists, or \
              JSON text where rows differ in kind.",
    reads: true,
    writes: true,
    compressions: Compression::ALL,
    options: &[
        COMPRESSION,
        OptionDescription {
            name: "infer_rows",
            default: "all",
            summary: "How many rows are looked at to find the columns, or all. A later value that \
                      its type would change is refused.",
        },
        OptionDescription {
            name: "geometry_format",
            default: "geojson",
            summary: "When writing, how geometries are written: geojson, wkt, ewkt, hexwkb, lonlat.",
        },
        WRITTEN_CRS,
        ASSUMED_CRS,
    ],
};

/// JSON rows.
#[derive(Debug)]
pub(crate) struct Json;

impl Format for Json {
    fn describe(&self) -> &'static Description {
        &DESCRIPTION
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(&DESCRIPTION, options)?;
        Ok(ReaderFormat::of(reader::JsonReader {
            compression: options.compression()?,
            infer_rows: options.infer_rows()?.filter(|count| *count > 0),
        }))
    }
}
