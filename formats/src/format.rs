//! The list of file formats and what each can do.

use std::fmt::Debug;
use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::{Compression, FormatError, FormatOptions};
use crate::{arrow_ipc, csv, flatgeobuf, geojson, geopackage, json, osm, parquet, shapefile};

/// A file format that becomes rows.
pub trait Format: Debug + Send + Sync {
    /// Returns what the format is called and what it can do.
    fn describe(&self) -> &'static Description;

    /// Returns the reader of the format with these options.
    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError>;
}

/// What a format is called and what it can do.
#[derive(Debug)]
pub struct Description {
    /// The name in SQL, upper case.
    pub name: &'static str,
    /// Other names in SQL.
    pub aliases: &'static [&'static str],
    /// Suffixes of its files, without the dot; the first one is written.
    pub extensions: &'static [&'static str],
    /// The media type of its files.
    pub media_type: &'static str,
    /// One sentence for listings.
    pub summary: &'static str,
    /// Whether files of the format can be read.
    pub reads: bool,
    /// Whether files of the format can be written.
    pub writes: bool,
    /// The compressions a whole file may be wrapped in.
    pub compressions: &'static [Compression],
    /// The options for reading and writing.
    pub options: &'static [OptionDescription],
}

/// One option of a format.
#[derive(Debug)]
pub struct OptionDescription {
    /// The name, lower case.
    pub name: &'static str,
    /// The value when it is not given.
    pub default: &'static str,
    /// One sentence for listings.
    pub summary: &'static str,
}

static FORMATS: [&dyn Format; 11] = [
    &parquet::PARQUET,
    &parquet::GEOPARQUET,
    &csv::CSV,
    &json::JSON,
    &arrow_ipc::ARROW,
    &geojson::GEOJSON,
    &geojson::GEOJSONSEQ,
    &shapefile::SHAPEFILE,
    &flatgeobuf::FLATGEOBUF,
    &geopackage::GEOPACKAGE,
    &osm::OSM,
];

/// Returns every format.
pub fn formats() -> &'static [&'static dyn Format] {
    &FORMATS
}

/// Returns the format called `name` in SQL.
pub fn format_named(name: &str) -> Option<&'static dyn Format> {
    if name.eq_ignore_ascii_case("TSV") {
        return Some(&csv::TSV);
    }
    let is_named = |format: &&&'static dyn Format| {
        let description = format.describe();
        description.name.eq_ignore_ascii_case(name)
            || description.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    };
    FORMATS.iter().find(is_named).copied()
}
