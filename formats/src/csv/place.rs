//! Where in a record a byte leads, as the parser of records sees it.

use crate::csv::dialect::Dialect;

/// A place between two bytes of delimited text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind the end of a record.
    RecordStart,
    /// Before a value.
    ValueStart,
    /// In a value without quotes, or behind the quote that ends one.
    Plain,
    /// Between the quotes of a value.
    Quoted,
    /// Behind an escape between quotes.
    Escaped,
    /// Behind a quote between quotes, which ends the value unless another follows.
    Closing,
    /// In a line that is skipped.
    Comment,
}

impl Dialect {
    /// Returns the place behind a byte. A quote inside an unquoted value is a plain character.
    pub(super) fn next_place(&self, place: Place, byte: u8) -> Place {
        match place {
            Place::Quoted if byte == self.quote => Place::Closing,
            Place::Quoted if Some(byte) == self.escape => Place::Escaped,
            Place::Quoted | Place::Escaped => Place::Quoted,
            Place::Closing if byte == self.quote => Place::Quoted,
            _ if byte == b'\n' => Place::RecordStart,
            Place::Comment => Place::Comment,
            Place::RecordStart if Some(byte) == self.comment => Place::Comment,
            Place::RecordStart | Place::ValueStart if byte == self.quote => Place::Quoted,
            _ if byte == self.delimiter || byte == b'\r' => Place::ValueStart,
            _ => Place::Plain,
        }
    }
}
