//! File formats to and from Arrow: one folder a format, one `Format` trait, and the encoders of
//! results. It knows neither catalogs nor SQL.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

pub mod covering;
pub mod encode;

mod arrow_ipc;
mod blocking;
mod chunks;
mod compression;
mod csv;
mod derived;
mod detect;
mod error;
mod flatgeobuf;
mod foreign;
mod format;
mod geoarrow;
mod geojson;
mod geopackage;
mod input;
mod json;
mod manner;
mod merged;
mod moments;
mod names;
mod nan_rows;
mod objects;
mod options;
mod osm;
mod parquet;
mod reader;
mod scan;
mod shapefile;
mod spatial_filter;
#[cfg(test)]
mod test_support;
mod times;

pub use compression::Compression;
pub use detect::{Detected, check_format, check_head, detect};
pub use error::FormatError;
pub use format::{Description, Format, OptionDescription, format_named, formats};
pub use geoarrow::WkbColumns;
pub use manner::{Manner, manner_of};
pub use nan_rows::with_nan_rows;
pub use options::{FormatOptions, nearest_name};
pub use parquet::{BoxesRead, FileExtents, ReadAhead, parquet_table};
pub use reader::layers;
pub use spatial_filter::{Constants, spatial_filter};
