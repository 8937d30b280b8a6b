//! GeoJSON: collections of features and sequences of them.

mod columns;
mod crs;
mod feature;
mod geometry;
mod infer;
mod reader;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::objects::Layout;
use crate::options::{ASSUMED_CRS, COMPRESSION, Options};
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// A collection of features.
pub(crate) static GEOJSON: GeoJson = GeoJson {
    layout: Layout::Features,
    description: Description {
        name: "GEOJSON",
        aliases: &["JSONGEO"],
        extensions: &["geojson"],
        media_type: "application/geo+json",
        summary: "GeoJSON feature collections, single features and arrays of features.",
        reads: true,
        writes: true,
        compressions: Compression::ALL,
        options: OPTIONS,
    },
};

/// Features one after the other.
pub(crate) static GEOJSONSEQ: GeoJson = GeoJson {
    layout: Layout::FeatureSequence,
    description: Description {
        name: "GEOJSONSEQ",
        aliases: &["GEOJSONL", "GEOJSONS", "NDGEOJSON"],
        extensions: &["geojsonl", "geojsons", "geojsonseq", "ndgeojson", "geojsonl.json"],
        media_type: "application/geo+json-seq",
        summary: "GeoJSON features, one a line, with or without RFC 8142 separators.",
        reads: true,
        writes: true,
        compressions: Compression::ALL,
        options: OPTIONS,
    },
};

const OPTIONS: &[OptionDescription] = &[
    COMPRESSION,
    OptionDescription {
        name: "infer_rows",
        default: "all",
        summary: "How many features are looked at to find the columns.",
    },
    OptionDescription {
        name: "crs",
        default: "from the file, else OGC:CRS84",
        summary: "The reference system of the coordinates; when writing, the one to convert to.",
    },
    ASSUMED_CRS,
    OptionDescription {
        name: "geometry_column",
        default: "the first one",
        summary: "When writing, the column that becomes the geometry.",
    },
    OptionDescription {
        name: "id_column",
        default: "none",
        summary: "When writing, the column that becomes the id.",
    },
];

/// Both layouts of GeoJSON.
#[derive(Debug)]
pub(crate) struct GeoJson {
    layout: Layout,
    description: Description,
}

impl Format for GeoJson {
    fn describe(&self) -> &'static Description {
        match self.layout {
            Layout::FeatureSequence => &GEOJSONSEQ.description,
            _ => &GEOJSON.description,
        }
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(self.describe(), options)?;
        Ok(ReaderFormat::of(reader::GeoJsonReader {
            layout: self.layout,
            compression: options.compression()?,
            infer_rows: options.infer_rows()?.filter(|count| *count > 0),
            crs: options.crs("crs")?,
        }))
    }
}
