//! Where the records of a `.shp` file are, by the `.shx` file beside it.
//!
//! Software that changes a shape in place appends the new one and leaves the old one where it is,
//! or leaves a gap behind a shorter one; only the `.shx` file tells them apart. As long as it says
//! that records follow each other it is not needed.

use std::io::{self, Read};

use super::shapes::{HEADER_BYTES, MAGIC, fill};

/// Where a record is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of the record, from 1 on.
    number: u32,
    pub(super) offset: u64,
    /// How long it is with its head.
    length: u64,
}

impl Place {
    /// Returns the reason to refuse what stands there, if it does not begin like this record.
    pub(super) fn check(&self, head: [u8; 8]) -> Result<(), String> {
        let [a, b, c, d, e, f, g, h] = head;
        let is_found = u32::from_be_bytes([a, b, c, d]) == self.number
            || length_of([e, f, g, h]) == self.length;
        if is_found && self.offset >= HEADER_BYTES as u64 {
            return Ok(());
        }
        Err(format!(
            "record {} is not where the .shx file has it; without that file shapes are read in \
             their order",
            self.number
        ))
    }
}

/// Reads the places of records one after the other.
pub(super) struct Places<R> {
    reader: R,
    count: u32,
}

impl<R: Read> Places<R> {
    /// Reads the header of a file; nothing if it is none.
    pub(super) fn open(mut reader: R) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER_BYTES];
        let count = fill(&mut reader, &mut header)?;
        let is_whole = count == header.len() && header.starts_with(&MAGIC);
        Ok(is_whole.then_some(Self { reader, count: 0 }))
    }

    /// Returns where the next record is, if there is one.
    pub(super) fn next(&mut self) -> io::Result<Option<Place>> {
        let mut place = [0; 8];
        if fill(&mut self.reader, &mut place)? < place.len() {
            return Ok(None);
        }
        self.count = self.count.wrapping_add(1);
        let [a, b, c, d, e, f, g, h] = place;
        let offset = bytes_of([a, b, c, d]);
        Ok(Some(Place { number: self.count, offset, length: length_of([e, f, g, h]) }))
    }
}

/// Lengths are told in words of two bytes.
fn bytes_of(words: [u8; 4]) -> u64 {
    2 * u64::from(u32::from_be_bytes(words))
}

fn length_of(words: [u8; 4]) -> u64 {
    8 + bytes_of(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_far_as_they_go() {
        let mut bytes = vec![0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes.extend([0, 0, 0, 50, 0, 0, 0, 10, 0, 0, 0, 30, 0, 0, 0, 2, 0, 0]);
        let mut places = Places::open(bytes.as_slice()).unwrap().unwrap();
        let place = places.next().unwrap().unwrap();
        assert_eq!(place, Place { number: 1, offset: 100, length: 28 });
        assert!(place.check([0, 0, 0, 1, 0, 0, 0, 9]).is_ok());
        assert!(place.check([0, 0, 0, 7, 0, 0, 0, 10]).is_ok());
        assert!(place.check([0, 0, 0, 7, 0, 0, 0, 9]).is_err());
        // Inside of the header.
        assert!(places.next().unwrap().unwrap().check([0, 0, 0, 2, 0, 0, 0, 2]).is_err());
        assert_eq!(places.next().unwrap(), None);
        assert!(Places::open(&[0; 100][..]).unwrap().is_none());
        assert!(Places::open(&MAGIC[..]).unwrap().is_none());
    }
}
