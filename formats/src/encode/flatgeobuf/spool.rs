//! Features on the disk, until all of them are known.

use std::fs::File;
use std::io::{
    self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _,
};

use godwit_geometry::{Bounds, hilbert};

use crate::FormatError;

/// How many bytes an entry has: a box, where the feature begins, and how long it is.
const ENTRY_BYTES: usize = 48;

/// Two temporary files without a name: features, and where each of them is.
pub(super) struct Spool {
    features: BufWriter<File>,
    entries: BufWriter<File>,
    offset: u64,
    count: u32,
}

/// Where a feature is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) bounds: Bounds,
    offset: u64,
    pub(super) length: u64,
}

impl Spool {
    pub(super) fn try_new() -> io::Result<Self> {
        let file = || tempfile::tempfile().map(BufWriter::new);
        Ok(Self { features: file()?, entries: file()?, offset: 0, count: 0 })
    }

    /// Takes the next feature.
    pub(super) fn push(&mut self, bounds: &Bounds, feature: &[u8]) -> io::Result<()> {
        self.features.write_all(feature)?;
        let length = feature.len() as u64;
        for number in [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax] {
            self.entries.write_all(&number.to_le_bytes())?;
        }
        self.entries.write_all(&self.offset.to_le_bytes())?;
        self.entries.write_all(&length.to_le_bytes())?;
        self.offset += length;
        // Files of so many features are not put in order, so that nobody asks for their number.
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Returns every feature changed, in the same order.
    pub(super) fn rewritten(
        self,
        change: impl Fn(&[u8]) -> Result<Vec<u8>, FormatError>,
    ) -> Result<Self, FormatError> {
        let mut changed = Self::try_new()?;
        let Spooled { features, entries, .. } = self.finish()?;
        let (mut features, mut entries) = (BufReader::new(features), BufReader::new(entries));
        let mut feature = Vec::new();
        while !entries.fill_buf()?.is_empty() {
            let entry = read_entry(&mut entries)?;
            feature.clear();
            (&mut features).take(entry.length).read_to_end(&mut feature)?;
            changed.push(&entry.bounds, &change(&feature)?)?;
        }
        Ok(changed)
    }

    /// Returns the features, to be read.
    pub(super) fn finish(self) -> io::Result<Spooled> {
        let file = |writer: BufWriter<File>| -> io::Result<File> {
            let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            Ok(file)
        };
        Ok(Spooled {
            features: file(self.features)?,
            entries: file(self.entries)?,
            count: self.count,
        })
    }
}

/// Features that can be read.
pub(super) struct Spooled {
    features: File,
    entries: File,
    count: u32,
}

impl Spooled {
    /// Returns the features in the order of a Hilbert curve through the middles of their boxes.
    pub(super) fn order(&mut self, extent: &Bounds) -> io::Result<Vec<u32>> {
        self.entries.rewind()?;
        let mut reader = BufReader::new(&mut self.entries);
        let mut keys = Vec::new();
        for index in 0..self.count {
            let [x, y] = read_entry(&mut reader)?.bounds.centre();
            keys.push((hilbert::key(extent, x, y), index));
        }
        keys.sort_unstable();
        Ok(keys.into_iter().map(|(_, index)| index).collect())
    }

    /// Returns where a feature is.
    pub(super) fn entry(&mut self, index: u32) -> io::Result<Entry> {
        self.entries.seek(SeekFrom::Start(u64::from(index) * ENTRY_BYTES as u64))?;
        read_entry(&mut self.entries)
    }

    /// Appends a feature.
    pub(super) fn append(&mut self, entry: &Entry, out: &mut Vec<u8>) -> io::Result<()> {
        self.features.seek(SeekFrom::Start(entry.offset))?;
        self.append_next(entry.length, out).map(|_read| ())
    }

    /// Appends the bytes that follow, at most so many, and returns how many there were.
    pub(super) fn append_next(&mut self, most: u64, out: &mut Vec<u8>) -> io::Result<usize> {
        (&mut self.features).take(most).read_to_end(out)
    }
}

fn read_entry(reader: &mut impl io::Read) -> io::Result<Entry> {
    let mut bytes = [0; ENTRY_BYTES];
    reader.read_exact(&mut bytes)?;
    let field = |index: usize| -> [u8; 8] {
        let field = bytes.get(8 * index..).and_then(|rest| rest.first_chunk());
        field.copied().unwrap_or_default()
    };
    let [xmin, ymin, xmax, ymax] = [0, 1, 2, 3].map(|index| f64::from_le_bytes(field(index)));
    Ok(Entry {
        bounds: Bounds { xmin, ymin, xmax, ymax },
        offset: u64::from_le_bytes(field(4)),
        length: u64::from_le_bytes(field(5)),
    })
}
