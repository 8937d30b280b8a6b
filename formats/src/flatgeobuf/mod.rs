//! `FlatGeobuf`: features in `FlatBuffers`, with an index by place.
//!
//! <https://flatgeobuf.org>

mod clock;
mod feature;
mod geometry;
mod header;
mod properties;
mod reader;
mod splitter;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod widen;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::options::{ASSUMED_CRS, COMPRESSION, INDEX, Options, PLACED_CRS, WRITTEN_GEOMETRY};
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

pub(crate) use widen::widened;

/// The bytes every file begins with, up to the number of its version.
pub(crate) const SIGNATURE: &[u8] = b"fgb\x03fgb";

/// `FlatGeobuf`.
pub(crate) static FLATGEOBUF: FlatGeobuf = FlatGeobuf;

static DESCRIPTION: Description = Description {
    name: "FLATGEOBUF",
    aliases: &["FGB"],
    extensions: &["fgb"],
    media_type: "application/flatgeobuf",
    summary: "FlatGeobuf files, with or without an index; a spatial condition reads what the index \
              says.",
    reads: true,
    writes: true,
    compressions: Compression::ALL,
    options: &[
        COMPRESSION,
        PLACED_CRS,
        ASSUMED_CRS,
        WRITTEN_GEOMETRY,
        INDEX,
        OptionDescription {
            name: "layer",
            default: "the name of the file",
            summary: "When writing, the name of the layer.",
        },
    ],
};

/// `FlatGeobuf`.
#[derive(Debug)]
pub(crate) struct FlatGeobuf;

impl Format for FlatGeobuf {
    fn describe(&self) -> &'static Description {
        &DESCRIPTION
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(&DESCRIPTION, options)?;
        Ok(ReaderFormat::of(reader::FlatGeobufReader {
            compression: options.compression()?,
            crs: options.crs("crs")?,
        }))
    }
}
