//! `OpenStreetMap` data in its binary format: nodes, ways and relations as rows.
//!
//! <https://wiki.openstreetmap.org/wiki/PBF_Format>

mod blob;
mod block;
mod reader;
mod rows;
mod splitter;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format};
use crate::options::Options;
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// The bytes a file begins with, behind the length of its first header.
pub(crate) const SIGNATURE: &[u8] = b"\x0a\x09OSMHeader";

/// `OpenStreetMap` data.
pub(crate) static OSM: Osm = Osm;

static DESCRIPTION: Description = Description {
    name: "OSM",
    aliases: &["OSMPBF"],
    extensions: &["osm.pbf"],
    media_type: "application/vnd.openstreetmap.data+pbf",
    summary: "OpenStreetMap data in PBF: nodes, ways and relations with their tags as rows.",
    reads: true,
    writes: false,
    compressions: &[Compression::None],
    options: &[],
};

/// `OpenStreetMap` data.
#[derive(Debug)]
pub(crate) struct Osm;

impl Format for Osm {
    fn describe(&self) -> &'static Description {
        &DESCRIPTION
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        Options::try_new(&DESCRIPTION, options)?;
        Ok(ReaderFormat::of(reader::OsmReader))
    }
}
