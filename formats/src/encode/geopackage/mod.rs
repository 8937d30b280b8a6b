//! Rows as a layer of a GeoPackage, which is put together in a temporary file.

mod database;
mod geometry;
mod schema;

use std::fs::File;
use std::io::Read as _;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use tempfile::NamedTempFile;

use self::database::Database;
use self::schema::Layout;
use crate::FormatError;
use crate::encode::attributes::Features;
use crate::encode::shape::Shaper;
use crate::encode::{EncodeOptions, Encoder, Encoding, PIECE_BYTES};

const FORMAT: &str = "GeoPackage";

/// The name of a layer that is given none.
const LAYER: &str = "result";

pub(super) struct GeoPackageEncoder {
    shaper: Shaper,
    features: Features,
    state: State,
}

enum State {
    Rows(Box<Database>),
    /// The complete database, to be read.
    Complete {
        file: File,
        /// Removes it in the end.
        _path: NamedTempFile,
    },
    Ended,
}

impl GeoPackageEncoder {
    pub(super) fn try_new(
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let shaper = Shaper::try_new(schema, options, options.crs.as_ref(), None)?;
        let features = Features::try_new(shaper.schema(), options, FORMAT)?;
        let layer = options.layer.as_deref().filter(|name| !name.is_empty()).unwrap_or(LAYER);
        let layout = Layout::try_new(layer, shaper.schema(), &features, options)?;
        let database = Database::create(layout, features.crs.as_ref())?;
        Ok(Self { shaper, features, state: State::Rows(Box::new(database)) })
    }
}

impl Encoder for GeoPackageEncoder {
    fn media_type(&self) -> &'static str {
        Encoding::GeoPackage.media_type()
    }

    fn start(&mut self, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let cells = self.features.cells(&batch)?;
        match &mut self.state {
            State::Rows(database) => database.insert(&batch, &self.features, &cells),
            State::Complete { .. } | State::Ended => Ok(()),
        }
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }

    fn is_spooled(&self) -> bool {
        true
    }

    fn rest(&mut self, out: &mut Vec<u8>) -> Result<bool, FormatError> {
        self.state = match std::mem::replace(&mut self.state, State::Ended) {
            State::Rows(database) => {
                let path = database.complete()?;
                State::Complete { file: path.reopen()?, _path: path }
            }
            other => other,
        };
        let State::Complete { file, .. } = &mut self.state else { return Ok(false) };
        Ok(file.take(PIECE_BYTES as u64).read_to_end(out)? > 0)
    }
}
