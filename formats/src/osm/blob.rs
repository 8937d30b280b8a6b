//! The blobs a file is made of.

use std::borrow::Cow;
use std::io::Read;

use super::wire::{Checked, Fields};

/// No blob is longer, compressed or not, as the format demands.
pub(super) const LONGEST_BLOB: usize = 32 * 1024 * 1024;

/// No header of a blob is longer, as the format demands.
pub(super) const LONGEST_HEADER: usize = 64 * 1024;

/// What the header of a blob says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BlobHeader<'a> {
    /// `OSMHeader` or `OSMData`.
    pub(super) kind: &'a [u8],
    /// How long the blob behind it is.
    pub(super) length: usize,
}

impl<'a> BlobHeader<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Checked<Self> {
        let (mut kind, mut length) = (&[][..], None);
        for field in Fields(bytes) {
            match field? {
                (1, value) => kind = value.bytes()?,
                (3, value) => length = usize::try_from(value.number()?).ok(),
                _ => {}
            }
        }
        let length = length.filter(|length| *length <= LONGEST_BLOB);
        Ok(Self { kind, length: length.ok_or("a blob has an impossible length")? })
    }
}

/// Returns the content of a blob.
pub(super) fn content(blob: &[u8]) -> Checked<Cow<'_, [u8]>> {
    for field in Fields(blob) {
        let (number, value) = field?;
        return match number {
            1 => value.bytes().map(Cow::Borrowed),
            3 => inflated(flate2::read::ZlibDecoder::new(value.bytes()?)),
            7 => inflated(
                zstd::Decoder::new(value.bytes()?).map_err(|_broken| "a blob is not Zstandard")?,
            ),
            4..=6 => Err("a blob is compressed in a way that is not supported"),
            _ => continue,
        };
    }
    Err("a blob has no content")
}

fn inflated(reader: impl Read) -> Checked<Cow<'static, [u8]>> {
    let mut bytes = Vec::new();
    // One byte more, to see whether it is too long.
    let read = reader.take(LONGEST_BLOB as u64 + 1).read_to_end(&mut bytes);
    match read {
        Ok(length) if length <= LONGEST_BLOB => Ok(Cow::Owned(bytes)),
        Ok(_) => Err("a blob is longer than 32 MiB"),
        Err(_) => Err("a blob cannot be decompressed"),
    }
}

/// Returns what a reader has to understand that this one does not, if there is something.
pub(super) fn missing_feature(header: &[u8]) -> Checked<Option<String>> {
    for field in Fields(header) {
        let (number, value) = field?;
        if number == 4 {
            let feature = String::from_utf8_lossy(value.bytes()?);
            if !matches!(&*feature, "OsmSchema-V0.6" | "DenseNodes") {
                return Ok(Some(feature.into_owned()));
            }
        }
    }
    Ok(None)
}
