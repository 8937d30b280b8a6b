//! Delimited text.

mod decode;
mod delimiter;
mod dialect;
mod geometry;
mod header;
mod infer;
mod layout;
mod location;
mod opener;
mod place;
mod plain;
mod reader;
mod splitter;
#[cfg(test)]
mod tests;
mod types;
mod values;

use std::sync::{Arc, OnceLock};

use datafusion::datasource::file_format::FileFormat;

use crate::csv::dialect::Dialect;
use crate::csv::geometry::GeometryColumn;
use crate::format::{Description, Format, OptionDescription};
use crate::options::{ASSUMED_CRS, COMPRESSION, Options, WRITTEN_CRS};
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// How many rows are looked at when nothing else is said.
const INFER_ROWS: usize = 100_000;

/// Comma-separated values.
pub(crate) static CSV: Csv = Csv { description: &DESCRIPTION, delimiter: b',' };

/// Tab-separated values; not in the list, because they are CSV with another delimiter.
pub(crate) static TSV: Csv = Csv { description: &TSV_DESCRIPTION, delimiter: b'\t' };

static DESCRIPTION: Description = CSV_DESCRIPTION;

static TSV_DESCRIPTION: Description = Description {
    name: "TSV",
    aliases: &[],
    extensions: &["tsv", "tab"],
    media_type: "text/tab-separated-values",
    ..CSV_DESCRIPTION
};

const CSV_DESCRIPTION: Description = Description {
    name: "CSV",
    aliases: &["TSV"],
    extensions: &["csv", "tsv", "tab"],
    media_type: "text/csv",
    summary: "Delimited text, with geometries as WKT or as two columns of coordinates.",
    reads: true,
    writes: true,
    compressions: Compression::ALL,
    options: OPTIONS,
};

const OPTIONS: &[OptionDescription] = &[
    COMPRESSION,
    OptionDescription {
        name: "delimiter",
        default: "from the file",
        summary: "The character between two values; tab or \\t for tabulators. Without it the first \
                  file of a table says it for all: that of comma, semicolon, tabulator and bar which \
                  cuts the header and the first records into as many values, a comma if none does. \
                  Numbers with decimal commas stay text. When writing, a comma, or a tabulator in \
                  .tsv.",
    },
    OptionDescription {
        name: "header",
        default: "true",
        summary: "Whether the first line holds the names of the columns.",
    },
    OptionDescription {
        name: "quote",
        default: "\"",
        summary: "The character around values that contain delimiters.",
    },
    OptionDescription {
        name: "escape",
        default: "none",
        summary: "The character before a quote inside quotes; a doubled quote always works.",
    },
    OptionDescription {
        name: "comment",
        default: "none",
        summary: "The character that starts lines to be skipped.",
    },
    OptionDescription {
        name: "null",
        default: "the empty value",
        summary: "A value that means NULL, besides the empty one.",
    },
    OptionDescription {
        name: "infer_rows",
        default: "100000",
        summary: "How many rows are looked at to find the types, or all; 0 makes every column text. \
                  A later value that its type would change is refused.",
    },
    OptionDescription {
        name: "geometry",
        default: "none",
        summary: "Adds a column geometry: wkt:COLUMN, or xy:LON_COLUMN,LAT_COLUMN.",
    },
    OptionDescription {
        name: "srid",
        default: "4326",
        summary: "The EPSG code of the added geometry; 0 leaves it unknown.",
    },
    OptionDescription {
        name: "geometry_format",
        default: "wkt",
        summary: "When writing, how geometries are written: wkt, ewkt, hexwkb, geojson, lonlat.",
    },
    WRITTEN_CRS,
    ASSUMED_CRS,
];

/// Delimited text with a usual delimiter.
#[derive(Debug)]
pub(crate) struct Csv {
    description: &'static Description,
    delimiter: u8,
}

impl Format for Csv {
    fn describe(&self) -> &'static Description {
        self.description
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(self.description, options)?;
        let all = options.text("infer_rows").is_some_and(|text| text.eq_ignore_ascii_case("all"));
        let infer_rows = if all { Some(usize::MAX) } else { options.count("infer_rows")? };
        let dialect = Dialect::try_new(&options, self.delimiter)?;
        let delimiter = match options.text("delimiter") {
            Some(_) => OnceLock::from(dialect.delimiter),
            None => OnceLock::new(),
        };
        Ok(ReaderFormat::of(reader::CsvReader {
            dialect,
            delimiter: Arc::new(delimiter),
            compression: options.compression()?,
            infer_rows: infer_rows.unwrap_or(INFER_ROWS),
            geometry: GeometryColumn::from_options(&options)?,
        }))
    }
}
