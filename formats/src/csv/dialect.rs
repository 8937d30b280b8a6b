//! How values are delimited, quoted and left out.

use arrow::csv::ReaderBuilder;
use arrow::datatypes::SchemaRef;
use regex::Regex;

use crate::FormatError;
use crate::options::{Options, invalid};

/// The dialect of a file.
#[derive(Debug, Clone)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    pub(super) escape: Option<u8>,
    pub(super) comment: Option<u8>,
    pub(super) has_header: bool,
    /// What means NULL besides the empty value, and what matches both.
    null: Option<(String, Regex)>,
}

impl Dialect {
    pub(super) fn try_new(options: &Options<'_>, delimiter: u8) -> Result<Self, FormatError> {
        let null = options.text("null").filter(|text| !text.is_empty()).map(|text| {
            let both = Regex::new(&format!("^(?:{})?$", regex::escape(text)));
            let both = both.map_err(|error| invalid("null", text, error.to_string()));
            both.map(|both| (text.to_owned(), both))
        });
        Ok(Self {
            delimiter: options.character("delimiter")?.unwrap_or(delimiter),
            quote: options.character("quote")?.unwrap_or(b'"'),
            escape: options.character("escape")?,
            comment: options.character("comment")?,
            has_header: options.flag("header")?.unwrap_or(true),
            null: null.transpose()?,
        })
    }

    /// Returns the same dialect with another delimiter.
    pub(super) fn with_delimiter(&self, delimiter: u8) -> Self {
        Self { delimiter, ..self.clone() }
    }

    /// Returns a reader of records in this dialect.
    pub(super) fn reader(&self, schema: SchemaRef, has_header: bool) -> ReaderBuilder {
        let mut builder = ReaderBuilder::new(schema)
            .with_header(has_header)
            .with_delimiter(self.delimiter)
            .with_quote(self.quote);
        if let Some(escape) = self.escape {
            builder = builder.with_escape(escape);
        }
        if let Some(comment) = self.comment {
            builder = builder.with_comment(comment);
        }
        if let Some((_, null)) = &self.null {
            builder = builder.with_null_regex(null.clone());
        }
        builder
    }

    /// Returns whether a value means NULL.
    pub(super) fn is_null(&self, value: &str) -> bool {
        value.is_empty() || self.null.as_ref().is_some_and(|(null, _)| value == null)
    }

    /// Returns where the next record begins, behind empty lines and comments.
    pub(super) fn record_start(&self, data: &[u8], offset: usize) -> usize {
        let mut start = offset;
        while let Some(byte) = data.get(start) {
            let skipped = match byte {
                b'\r' | b'\n' => 1,
                byte if Some(*byte) == self.comment => {
                    let rest = data.get(start..).unwrap_or_default();
                    memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)
                }
                _ => break,
            };
            start += skipped;
        }
        start
    }
}
