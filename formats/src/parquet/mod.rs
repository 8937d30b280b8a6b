//! Parquet and GeoParquet.

mod adapter;
mod finer_times;
mod geo;
mod only_file;
mod prune;
mod reader;
mod statistics;
#[cfg(test)]
mod tests;
mod vanished;

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::common::config::TableParquetOptions;
use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::options::{ASSUMED_CRS, Options, WRITTEN_CRS};
use crate::{Compression, FormatError, FormatOptions};

pub(crate) use geo::{GEO_KEY, GeoMetadata};
pub(crate) use prune::SpatialParquetSource;
pub use prune::{BoxesRead, FileExtents, ReadAhead};

/// Returns the reader of a table's Parquet files, in which the columns that are the keys of
/// `coverings` have their boxes in the columns that are its values.
pub fn parquet_table(
    options: TableParquetOptions,
    coverings: BTreeMap<String, String>,
) -> Arc<dyn FileFormat> {
    Arc::new(reader::GeoParquetReader::new(options, coverings))
}

/// Parquet.
pub(crate) static PARQUET: Parquet = Parquet { has_geometry_name: false };

/// Parquet with geometry; both are read alike, only the name differs.
pub(crate) static GEOPARQUET: Parquet = Parquet { has_geometry_name: true };

const MEDIA_TYPE: &str = "application/vnd.apache.parquet";

static PARQUET_DESCRIPTION: Description = Description {
    name: "PARQUET",
    aliases: &[],
    extensions: &["parquet", "pq", "parq"],
    media_type: MEDIA_TYPE,
    summary: "Parquet; GeoParquet metadata and native GEOMETRY columns become geometries.",
    reads: true,
    writes: true,
    compressions: &[Compression::None],
    options: OPTIONS,
};

static GEOPARQUET_DESCRIPTION: Description = Description {
    name: "GEOPARQUET",
    aliases: &[],
    extensions: &["parquet", "geoparquet"],
    media_type: MEDIA_TYPE,
    summary: "GeoParquet 1.0 and 1.1, with native encodings; written as 1.1 with a bbox column.",
    reads: true,
    writes: true,
    compressions: &[Compression::None],
    options: OPTIONS,
};

const OPTIONS: &[OptionDescription] = &[
    OptionDescription {
        name: "compression",
        default: "zstd(3)",
        summary: "When writing, the codec of the pages: zstd, zstd(N), snappy, gzip, lz4, none.",
    },
    OptionDescription {
        name: "row_group_rows",
        default: "65536",
        summary: "When writing, the rows of a row group.",
    },
    OptionDescription {
        name: "bbox",
        default: "true",
        summary: "When writing, whether every geometry gets a column of its bounds.",
    },
    OptionDescription {
        name: "bbox_precision",
        default: "single",
        summary: "When writing, the width of these bounds: single, rounded outward, or double.",
    },
    OptionDescription {
        name: "native_type",
        default: "false",
        summary: "When writing, whether geometries have the GEOMETRY type of Parquet itself, which \
                  readers of GeoParquet 1.1 may not know.",
    },
    WRITTEN_CRS,
    ASSUMED_CRS,
    OptionDescription {
        name: "geometry_column",
        default: "the first one",
        summary: "When writing, the primary geometry column.",
    },
];

/// Parquet under either name.
#[derive(Debug)]
pub(crate) struct Parquet {
    has_geometry_name: bool,
}

impl Format for Parquet {
    fn describe(&self) -> &'static Description {
        if self.has_geometry_name { &GEOPARQUET_DESCRIPTION } else { &PARQUET_DESCRIPTION }
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        Options::try_new(self.describe(), options)?;
        Ok(Arc::new(reader::GeoParquetReader::default()))
    }
}
