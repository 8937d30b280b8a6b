//! Cuts delimited text between records, minding that quoted values contain line ends.

use std::io::Read;
use std::sync::Arc;

use crate::FormatError;
use crate::chunks::{Buffer, CHUNK_BYTES, Chunk, ChunkSource};
use crate::csv::delimiter::delimiter_of;
use crate::csv::dialect::Dialect;
use crate::csv::place::Place;

/// Reads bytes and hands out chunks of records.
pub(super) struct RecordSplitter {
    buffer: Buffer,
    dialect: Dialect,
    is_started: bool,
    /// How much of the buffer has been looked at.
    scanned: usize,
    in_quotes: bool,
    /// The end of the last complete record.
    end: usize,
}

impl RecordSplitter {
    pub(super) fn new(reader: Box<dyn Read + Send>, path: Arc<str>, dialect: Dialect) -> Self {
        let buffer = Buffer::new(reader, path);
        Self { buffer, dialect, is_started: false, scanned: 0, in_quotes: false, end: 0 }
    }

    /// Takes the delimiter from the beginning of the file; nothing if it has no record. Records are
    /// cut with it from then on.
    pub(super) fn find_delimiter(&mut self) -> Result<Option<u8>, FormatError> {
        self.start()?;
        let found = delimiter_of(&self.buffer.data, self.buffer.at_end, &self.dialect);
        if let Some(delimiter) = found {
            self.dialect.delimiter = delimiter;
        }
        Ok(found)
    }

    fn start(&mut self) -> Result<(), FormatError> {
        self.buffer.grow()?;
        self.is_started = true;
        if self.buffer.data.starts_with(b"\xef\xbb\xbf") {
            self.buffer.skip(3);
        }
        Ok(())
    }

    /// Looks at the bytes that have not been looked at yet.
    fn scan(&mut self) {
        if self.dialect.escape.is_some() || self.dialect.comment.is_some() {
            self.scan_bytes();
        } else {
            self.scan_quotes();
        }
    }

    /// Jumps from quote to quote.
    fn scan_quotes(&mut self) {
        let data = &self.buffer.data;
        let quote = self.dialect.quote;
        loop {
            let rest = data.get(self.scanned..).unwrap_or_default();
            let found = memchr::memchr(quote, rest);
            let plain = rest.get(..found.unwrap_or(rest.len())).unwrap_or_default();
            if !self.in_quotes
                && let Some(line_end) = memchr::memrchr(b'\n', plain)
            {
                self.end = self.scanned + line_end + 1;
            }
            let Some(found) = found else {
                self.scanned = data.len();
                return;
            };
            let at = self.scanned + found;
            if self.in_quotes {
                match data.get(at + 1) {
                    // The byte behind it says whether it closes the value.
                    None if !self.buffer.at_end => {
                        self.scanned = at;
                        return;
                    }
                    Some(next) if *next == quote => self.scanned = at + 2,
                    _ => {
                        self.in_quotes = false;
                        self.scanned = at + 1;
                    }
                }
            } else {
                // A quote inside an unquoted value is a plain character.
                let before = at.checked_sub(1).and_then(|before| data.get(before));
                let opens = before.is_none_or(|byte| {
                    matches!(byte, b'\n' | b'\r') || *byte == self.dialect.delimiter
                });
                self.in_quotes = opens;
                self.scanned = at + 1;
            }
        }
    }

    /// Walks byte by byte, for dialects with escapes or comments.
    fn scan_bytes(&mut self) {
        // Escapes and comments may span reads, so the record under construction is looked at anew.
        let start = self.end;
        let unread = self.buffer.data.get(start..).unwrap_or_default();
        let mut place = Place::RecordStart;
        for (index, byte) in unread.iter().enumerate() {
            place = self.dialect.next_place(place, *byte);
            if place == Place::RecordStart {
                self.end = start + index + 1;
            }
        }
        self.in_quotes = matches!(place, Place::Quoted | Place::Escaped);
        self.scanned = self.buffer.data.len();
    }
}

impl ChunkSource for RecordSplitter {
    fn next_chunk(&mut self) -> Result<Option<Chunk>, FormatError> {
        loop {
            if self.buffer.at_end {
                let end = self.buffer.data.len();
                if self.in_quotes && end > 0 {
                    // Whatever follows the quote would be one value.
                    let reason = "a quoted value in this record has no end";
                    return Err(self.buffer.malformed(self.end, reason));
                }
                return Ok((end > 0).then(|| self.buffer.cut(end, 0)));
            }
            if self.is_started {
                self.buffer.grow()?;
            } else {
                self.start()?;
            }
            self.scan();
            if self.end > 0 && self.buffer.data.len() >= CHUNK_BYTES / 2 && !self.buffer.at_end {
                let chunk = self.buffer.cut(self.end, 0);
                self.scanned -= self.end;
                self.end = 0;
                return Ok(Some(chunk));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FormatOptions;
    use crate::csv::DESCRIPTION;
    use crate::options::Options;

    fn splitter(text: &str, options: &[(&str, &str)]) -> RecordSplitter {
        let options: FormatOptions =
            options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let options = Options::try_new(&DESCRIPTION, &options).unwrap();
        let dialect = Dialect::try_new(&options, b',').unwrap();
        let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        RecordSplitter::new(reader, "t".into(), dialect)
    }

    fn record_ends(text: &str, options: &[(&str, &str)]) -> usize {
        let mut splitter = splitter(text, options);
        splitter.buffer.grow().unwrap();
        splitter.scan();
        splitter.end
    }

    #[test]
    fn line_ends_in_quotes_do_not_end_records() {
        assert_eq!(record_ends("a,b\n1,\"x\ny\"\n2,\"z\n", &[]), 12);
        assert_eq!(record_ends("a,\"x\"\"\n\"\n", &[]), 9);
        assert_eq!(record_ends("5\" pipe,1\n6\" pipe,2\n", &[]), 20);
        assert_eq!(record_ends("a\n\"x\\\"\ny\"\nb", &[("escape", "\\")]), 10);
        assert_eq!(record_ends("#\"x\na\nb", &[("comment", "#")]), 6);
    }

    #[test]
    fn a_quote_without_an_end_is_told() {
        for options in [&[][..], &[("comment", "#")], &[("escape", "\\")]] {
            let read = |text: &str| {
                let mut splitter = splitter(text, options);
                std::iter::from_fn(|| splitter.next_chunk().transpose())
                    .collect::<Result<Vec<_>, _>>()
            };
            let error = read("a,b\n1,2\n3,\"x\n4,y\n").unwrap_err().to_string();
            assert!(error.contains("at byte 8: a quoted value"), "{options:?}: {error}");
            assert!(read("a,b\n3,\"x\"").is_ok() && read("a\nb \"\n").is_ok(), "{options:?}");
        }
    }

    #[test]
    fn quotes_inside_plain_values_are_plain_in_every_dialect() {
        for options in [&[][..], &[("comment", "#")], &[("escape", "\\")]] {
            assert_eq!(record_ends("5\" pipe\n\"a\nb\"\n\"c\nd", options), 14, "{options:?}");
            assert_eq!(record_ends("1,\"x\"\"\n\",\"\n\"\n2,\"", options), 13, "{options:?}");
            assert_eq!(record_ends("\"a\"b\"\n\"c\n", options), 6, "{options:?}");
        }
        assert_eq!(record_ends("a\\\"\n\"b\\\"\n\"\nc", &[("escape", "\\")]), 11);
        assert_eq!(record_ends("a#\"\nb\n", &[("comment", "#")]), 6);
    }
}
