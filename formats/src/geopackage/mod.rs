//! `GeoPackage`: layers as tables of an `SQLite` database.
//!
//! <https://www.geopackage.org/spec131>

mod database;
mod geometry;
mod layer;
mod reader;
#[cfg(test)]
mod tests;
mod values;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::options::{ASSUMED_CRS, INDEX, Options, PLACED_CRS, WRITTEN_GEOMETRY};
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// `GeoPackage`.
pub(crate) static GEOPACKAGE: GeoPackage = GeoPackage;

static DESCRIPTION: Description = Description {
    name: "GEOPACKAGE",
    aliases: &["GPKG"],
    extensions: &["gpkg"],
    media_type: "application/geopackage+sqlite3",
    summary: "A layer of a GeoPackage; a spatial condition reads what its index says.",
    reads: true,
    writes: true,
    compressions: &[Compression::None],
    options: &[
        OptionDescription {
            name: "layer",
            default: "the first one",
            summary: "The layer, which is a table with features or with attributes alone; when \
                      writing, the name of the file if left out.",
        },
        PLACED_CRS,
        ASSUMED_CRS,
        WRITTEN_GEOMETRY,
        OptionDescription {
            name: "id_column",
            default: "fid",
            summary: "When writing, the column of whole numbers that is the key; without it the \
                      rows are numbered in a column fid.",
        },
        INDEX,
    ],
};

/// Returns whether bytes begin a database that says it is a `GeoPackage`.
pub(crate) fn is_geopackage(head: &[u8]) -> bool {
    // The application of a database is named behind 68 bytes.
    let application = head.get(68..72);
    head.starts_with(b"SQLite format 3\0")
        && application.is_some_and(|name| matches!(name, b"GPKG" | b"GP10" | b"GP11"))
}

/// `GeoPackage`.
#[derive(Debug)]
pub(crate) struct GeoPackage;

impl Format for GeoPackage {
    fn describe(&self) -> &'static Description {
        &DESCRIPTION
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(&DESCRIPTION, options)?;
        Ok(ReaderFormat::of(reader::GeoPackageReader {
            layer: options.text("layer").map(str::to_owned),
            crs: options.crs("crs")?,
        }))
    }
}
