//! Chunks without quotes, in which every line is a record: values are used where they stand.
//!
//! What is a record and what a value is said by the parser of quoted text; this is the same for
//! text that needs none of it.

use std::ops::Range;

use crate::csv::dialect::Dialect;

/// The values of a chunk.
pub(super) struct PlainValues<'a> {
    text: &'a str,
    /// Where each value begins and ends, record by record.
    spans: Vec<[u32; 2]>,
    /// How many values a record has.
    width: usize,
}

impl<'a> PlainValues<'a> {
    /// Returns the values behind the header, or nothing if the chunk has to be parsed with more
    /// care: it has quotes or comments, or it is broken.
    pub(super) fn find(
        data: &'a [u8],
        dialect: &Dialect,
        width: usize,
        has_header: bool,
    ) -> Option<Self> {
        let is_plain = dialect.comment.is_none()
            && dialect.delimiter.is_ascii()
            && !matches!(dialect.delimiter, b'\r' | b'\n')
            && !data.starts_with(b"\xef\xbb\xbf")
            && memchr::memchr(dialect.quote, data).is_none();
        if !is_plain || width == 0 {
            return None;
        }
        let text = std::str::from_utf8(data).ok()?;
        let mut spans = Vec::with_capacity(data.len() / 8);
        let (mut start, mut count) = (0, 0);
        for at in memchr::memchr3_iter(dialect.delimiter, b'\n', b'\r', data) {
            let next = u32::try_from(at).ok()?;
            if data.get(at) == Some(&dialect.delimiter) {
                count += 1;
            } else if start == next && count == 0 {
                // An empty line, or the second byte of the end of one.
                start = next + 1;
                continue;
            } else if count + 1 == width {
                count = 0;
            } else {
                return None;
            }
            spans.push([start, next]);
            start = next + 1;
        }
        // The last record may have no end.
        let end = u32::try_from(data.len()).ok()?;
        if start < end || count > 0 {
            if count + 1 != width {
                return None;
            }
            spans.push([start, end]);
        }
        if has_header {
            spans.drain(..width.min(spans.len()));
        }
        Some(Self { text, spans, width })
    }

    /// Returns how many records there are.
    pub(super) fn record_count(&self) -> usize {
        self.spans.len() / self.width
    }

    /// Returns the values of a column in some of the records.
    pub(super) fn column(
        &self,
        column: usize,
        records: Range<usize>,
    ) -> impl Iterator<Item = &'a str> {
        let text = self.text;
        let spans = records.start * self.width..records.end * self.width;
        let spans = self.spans.get(spans).unwrap_or_default();
        let spans = spans.chunks_exact(self.width).filter_map(move |record| record.get(column));
        spans.map(move |[start, end]| text.get(*start as usize..*end as usize).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FormatOptions;
    use crate::csv::DESCRIPTION;
    use crate::options::Options;

    fn records(text: &str, width: usize, options: &[(&str, &str)]) -> Option<Vec<Vec<String>>> {
        let options: FormatOptions =
            options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let options = Options::try_new(&DESCRIPTION, &options).unwrap();
        let dialect = Dialect::try_new(&options, b',').unwrap();
        let values = PlainValues::find(text.as_bytes(), &dialect, width, dialect.has_header)?;
        let record = |row: usize| {
            let value = |column| values.column(column, row..row + 1).next().unwrap().to_owned();
            (0..width).map(value).collect()
        };
        Some((0..values.record_count()).map(record).collect())
    }

    #[test]
    fn lines_are_records() {
        let expected = [vec!["1", "x y"], vec!["", ""], vec!["é", "3"]];
        for text in
            ["a,b\n1,x y\n,\né,3\n", "a,b\r\n1,x y\r\n\r\n,\r\né,3", "\n\na,b\r1,x y\n,\né,3\n\n"]
        {
            assert_eq!(records(text, 2, &[]).unwrap(), expected, "{text:?}");
        }
        let semicolons = records("1;2,5\n3;\n", 2, &[("delimiter", ";"), ("header", "false")]);
        assert_eq!(semicolons.unwrap(), [["1", "2,5"], ["3", ""]]);
        assert_eq!(records("a\n\n1\n\n", 1, &[]).unwrap(), [["1"]]);
        assert!(records("a,b\n", 2, &[]).unwrap().is_empty());
        assert!(records("", 2, &[]).unwrap().is_empty());
    }

    #[test]
    fn other_chunks_are_left_to_the_parser() {
        assert_eq!(records("a,b\n1,\"2\"\n", 2, &[]), None);
        assert_eq!(records("a,b\n1\n", 2, &[]), None);
        assert_eq!(records("a,b\n1,2,3\n", 2, &[]), None);
        assert_eq!(records("a,b\n1,2\n3", 2, &[]), None);
        assert_eq!(records("a,b\n#\n1,2\n", 2, &[("comment", "#")]), None);
    }
}
