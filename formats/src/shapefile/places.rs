//! Where the records of a `.shp` file are, by the `.shx` file beside it.
//!
//! Software that changes a shape in place appends the new one and leaves the old one where it is,
//! or leaves a gap behind a shorter one; only the `.shx` file tells them apart.

use std::io::{self, Read};

use super::shapes::{HEADER_BYTES, MAGIC, fill};

/// Reads the places of records one after the other.
pub(super) struct Places<R> {
    reader: R,
}

impl<R: Read> Places<R> {
    /// Reads the header of a file; nothing if it is none.
    pub(super) fn open(mut reader: R) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER_BYTES];
        let count = fill(&mut reader, &mut header)?;
        Ok((count == header.len() && header.starts_with(&MAGIC)).then_some(Self { reader }))
    }

    /// Returns where the next record begins and how long it is with its head, if there is one.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, u64)>> {
        let mut place = [0; 8];
        if fill(&mut self.reader, &mut place)? < place.len() {
            return Ok(None);
        }
        let [a, b, c, d, e, f, g, h] = place;
        let bytes = |words: [u8; 4]| 2 * u64::from(u32::from_be_bytes(words));
        Ok(Some((bytes([a, b, c, d]), 8 + bytes([e, f, g, h]))))
    }

    /// Returns whether the records follow each other without gaps; reads to the first that does
    /// not.
    pub(super) fn are_in_order(mut self) -> io::Result<bool> {
        let mut expected = HEADER_BYTES as u64;
        while let Some((offset, length)) = self.next()? {
            if offset != expected {
                return Ok(false);
            }
            expected += length;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_order(words: &[u32]) -> Option<bool> {
        let mut bytes = vec![0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        Places::open(bytes.as_slice()).unwrap().map(|places| places.are_in_order().unwrap())
    }

    #[test]
    fn changed_files_are_told_from_others() {
        assert_eq!(in_order(&[]), Some(true));
        assert_eq!(in_order(&[50, 10, 64, 2, 70, 10]), Some(true));
        assert_eq!(in_order(&[50, 10, 64, 1, 70, 10]), Some(false));
        assert_eq!(in_order(&[50, 10, 78, 10, 64, 10]), Some(false));
        assert!(Places::open(&[0; 100][..]).unwrap().is_none());
        assert!(Places::open(&MAGIC[..]).unwrap().is_none());
    }
}
