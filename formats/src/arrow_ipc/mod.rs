//! Arrow IPC, as a file and as a stream.

mod reader;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::options::{ASSUMED_CRS, Options, WRITTEN_CRS};
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// Arrow IPC.
pub(crate) static ARROW: ArrowIpc = ArrowIpc;

static DESCRIPTION: Description = Description {
    name: "ARROW",
    aliases: &["IPC", "FEATHER"],
    extensions: &["arrow", "arrows", "ipc", "feather"],
    media_type: "application/vnd.apache.arrow.file",
    summary: "Arrow IPC files and streams; native GeoArrow columns become geometries.",
    reads: true,
    writes: true,
    compressions: Compression::ALL,
    options: &[
        OptionDescription {
            name: "compression",
            default: "auto",
            summary: "The compression around the files: auto, none, gzip or zstd.",
        },
        WRITTEN_CRS,
        ASSUMED_CRS,
    ],
};

/// Arrow IPC.
#[derive(Debug)]
pub(crate) struct ArrowIpc;

impl Format for ArrowIpc {
    fn describe(&self) -> &'static Description {
        &DESCRIPTION
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(&DESCRIPTION, options)?;
        Ok(ReaderFormat::of(reader::ArrowReader { compression: options.compression()? }))
    }
}
