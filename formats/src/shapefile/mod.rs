//! Shapefiles: geometries in a `.shp` file, attributes in the `.dbf` file beside it.
//!
//! <https://www.esri.com/content/dam/esrisites/sitecore-archive/Files/Pdfs/library/whitepapers/pdfs/shapefile.pdf>

mod attributes;
mod encoding;
mod numbers;
mod places;
mod projection;
mod ranges;
mod reader;
mod rings;
mod shapes;
mod siblings;
mod source;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::datasource::file_format::FileFormat;

use crate::format::{Description, Format, OptionDescription};
use crate::options::Options;
use crate::reader::ReaderFormat;
use crate::{Compression, FormatError, FormatOptions};

/// Shapefiles.
pub(crate) static SHAPEFILE: Shapefile = Shapefile;

static DESCRIPTION: Description = Description {
    name: "SHAPEFILE",
    aliases: &["SHP", "ESRI SHAPEFILE"],
    extensions: &["shp"],
    media_type: "application/vnd.shp",
    summary: "Shapefiles, with the .shx, .dbf, .prj and .cpg files beside them.",
    reads: true,
    writes: false,
    compressions: &[Compression::None],
    options: &[
        OptionDescription {
            name: "encoding",
            default: "auto",
            summary: "The encoding of texts, as UTF-8, windows-1252 or CP850; else the .cpg file or \
                      the .dbf file says it, and otherwise it is UTF-8 or windows-1252.",
        },
        OptionDescription {
            name: "crs",
            default: "none",
            summary: "The reference system; else the .prj file says it.",
        },
    ],
};

/// Shapefiles.
#[derive(Debug)]
pub(crate) struct Shapefile;

impl Format for Shapefile {
    fn describe(&self) -> &'static Description {
        &DESCRIPTION
    }

    fn file_format(&self, options: &FormatOptions) -> Result<Arc<dyn FileFormat>, FormatError> {
        let options = Options::try_new(&DESCRIPTION, options)?;
        let encoding = options.text("encoding").filter(|name| !name.eq_ignore_ascii_case("auto"));
        Ok(ReaderFormat::of(reader::ShapefileReader {
            encoding: encoding.map(encoding::TextEncoding::named).transpose()?,
            crs: options.crs("crs")?,
        }))
    }
}
