//! The bytes of a `.shp` file: from front to back, or by the places of its records.

use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};

use super::places::{Place, Places};
use super::ranges::Ranges;
use super::siblings;
use crate::{FormatError, input};

const READ_BUFFER_BYTES: usize = 1024 * 1024;
/// How much is fetched at a time where records do not follow each other.
const PIECE_BYTES: usize = 256 * 1024;

/// A file, buffered.
pub(super) type Stream = BufReader<Box<dyn Read + Send>>;

/// Buffers a file.
pub(super) fn buffered(file: Box<dyn Read + Send>) -> Stream {
    BufReader::with_capacity(READ_BUFFER_BYTES, file)
}

/// An open `.shp` file.
pub(super) struct Source {
    bytes: Bytes,
    /// Where the `.shx` file says that records are, as long as it is listened to.
    places: Option<Places<Stream>>,
    /// The file once more, for records that do not follow each other.
    file: Option<Ranges>,
}

enum Bytes {
    /// Records follow each other.
    Stream(Stream),
    /// Records are where another file says.
    Placed(BufReader<Ranges>),
}

/// Where a record begins.
pub(super) struct Start {
    pub(super) offset: u64,
    /// What the `.shx` file says, if it is believed.
    pub(super) place: Option<Place>,
}

impl Source {
    /// Opens a file whose records may be somewhere else than behind each other.
    pub(super) async fn open(
        store: &Arc<dyn ObjectStore>,
        object: &ObjectMeta,
    ) -> Result<(Self, Arc<str>), FormatError> {
        let (mut source, path) = Self::stream(store, &object.location).await?;
        if let Some(places) = siblings::places(store, &object.location).await? {
            let open = move || Places::open(buffered(places));
            source.places = SpawnedTask::spawn_blocking(open).await.map_err(io::Error::other)??;
            source.file = Some(Ranges::new(store, object));
        }
        Ok((source, path))
    }

    /// Opens a file from front to back.
    pub(super) async fn stream(
        store: &Arc<dyn ObjectStore>,
        location: &Path,
    ) -> Result<(Self, Arc<str>), FormatError> {
        let input = input::open(store, location).await?;
        let bytes = Bytes::Stream(buffered(input.raw));
        Ok((Self { bytes, places: None, file: None }, input.path))
    }

    /// Goes to where the next record begins; nothing behind the last one that is told.
    pub(super) fn next_record(&mut self, position: u64) -> io::Result<Option<Start>> {
        let in_order = Start { offset: position, place: None };
        let Some(places) = &mut self.places else { return Ok(Some(in_order)) };
        let place = places.next()?;
        if let Bytes::Stream(_) = self.bytes {
            match place {
                Some(place) if place.offset == position => return Ok(Some(in_order)),
                Some(_) => self.leave_order(position)?,
                // The other file is shorter: the records alone say where they are.
                None => {
                    self.places = None;
                    return Ok(Some(in_order));
                }
            }
        }
        let (Some(place), Bytes::Placed(file)) = (place, &mut self.bytes) else { return Ok(None) };
        // Both are below 16 GiB.
        file.seek_relative(place.offset.cast_signed() - position.cast_signed())?;
        Ok(Some(Start { offset: place.offset, place: Some(place) }))
    }

    /// Goes on by places, from a position that is reached.
    fn leave_order(&mut self, position: u64) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.seek(SeekFrom::Start(position))?;
            self.bytes = Bytes::Placed(BufReader::with_capacity(PIECE_BYTES, file));
        }
        Ok(())
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Stream(file) => file.read(buffer),
            Bytes::Placed(file) => file.read(buffer),
        }
    }
}
