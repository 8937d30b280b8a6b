//! Cuts a stream of bytes into chunks of whole JSON objects, so that each can be parsed alone.
#![expect(clippy::unnecessary_box_returns, reason = "the error of a parse result is boxed")]

use std::io::Read;
use std::sync::Arc;

use super::collection;
use crate::FormatError;
use crate::chunks::{Buffer, CHUNK_BYTES, Chunk, ChunkSource};
use crate::objects::{Cursor, Fault, Parsed};

/// What surrounds the objects of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A `FeatureCollection`, an array of features, or features one after the other.
    Features,
    /// The same, but a file without a byte is an empty sequence.
    FeatureSequence,
    /// Rows one after the other, or an array of rows.
    Rows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    /// Nothing around the objects.
    Sequence,
    /// A top-level array.
    Array,
    /// The `features` array of a collection.
    Collection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// Between objects of the body.
    Between {
        is_first: bool,
        has_comma: bool,
    },
    /// Inside an object.
    Inside {
        depth: usize,
        in_string: bool,
        is_escaped: bool,
    },
    /// Behind the last object.
    Trailer,
    End,
}

/// Reads bytes and hands out chunks of objects.
pub(crate) struct ObjectSplitter {
    buffer: Buffer,
    layout: Layout,
    container: Container,
    state: State,
    /// How much of the buffer has been looked at.
    scanned: usize,
    crs: Option<Vec<u8>>,
}

/// What one look at the buffer found.
struct Found {
    /// The end of the last complete object.
    end: usize,
    objects: usize,
}

impl ChunkSource for ObjectSplitter {
    fn next_chunk(&mut self) -> Result<Option<Chunk>, FormatError> {
        if self.state == State::Start {
            self.start()?;
        }
        let mut found = Found { end: 0, objects: 0 };
        while matches!(self.state, State::Between { .. } | State::Inside { .. }) {
            self.scan(&mut found).map_err(|fault| self.malformed(&fault))?;
            if found.objects > 0 && self.buffer.data.len() >= CHUNK_BYTES / 2 {
                return Ok(Some(self.cut(&found)));
            }
            if self.state == State::Trailer {
                break;
            }
            if self.buffer.at_end {
                self.end_of_body()?;
                break;
            }
            self.buffer.grow()?;
        }
        if found.objects > 0 {
            return Ok(Some(self.cut(&found)));
        }
        if self.state == State::Trailer {
            self.trailer()?;
        }
        Ok(self.crs.is_some().then(|| self.cut(&found)))
    }
}

impl ObjectSplitter {
    pub(crate) fn new(reader: Box<dyn Read + Send>, path: Arc<str>, layout: Layout) -> Self {
        Self {
            buffer: Buffer::new(reader, path),
            layout,
            container: Container::Sequence,
            state: State::Start,
            scanned: 0,
            crs: None,
        }
    }

    /// Hands out the buffer up to the end of the last complete object.
    fn cut(&mut self, found: &Found) -> Chunk {
        self.scanned -= found.end;
        Chunk { crs: self.crs.take(), ..self.buffer.cut(found.end, found.objects) }
    }

    fn malformed(&self, fault: &Fault) -> FormatError {
        self.buffer.malformed(fault.offset, fault.reason.clone())
    }

    /// Finds out what surrounds the objects and steps behind its beginning.
    fn start(&mut self) -> Result<(), FormatError> {
        loop {
            self.buffer.grow()?;
            match self.read_start() {
                Ok(()) => return Ok(()),
                Err(fault) if fault.is_truncation && !self.buffer.at_end => {}
                Err(fault) => return Err(self.malformed(&fault)),
            }
        }
    }

    fn read_start(&mut self) -> Parsed<()> {
        let mut cursor = Cursor::new(&self.buffer.data);
        if cursor.rest().starts_with(b"\xef\xbb\xbf") {
            cursor.advance(3);
        }
        cursor.skip_between_objects();
        let start = cursor.position();
        self.container = match cursor.peek() {
            None if self.layout == Layout::Features => {
                return Err(cursor.truncation("the file is empty"));
            }
            None => Container::Sequence,
            Some(b'[') => {
                cursor.advance(1);
                Container::Array
            }
            Some(b'{') if self.layout == Layout::Rows => Container::Sequence,
            Some(b'{') => {
                if collection::header(&mut cursor, &mut self.crs)? {
                    Container::Collection
                } else {
                    cursor.set_position(start);
                    Container::Sequence
                }
            }
            Some(_) => return Err(cursor.expected_what("a JSON object")),
        };
        self.scanned = cursor.position();
        let blank = self.scanned;
        // What was read so far is no part of an object; keep offsets, drop the text.
        self.buffer.data.iter_mut().take(blank).for_each(|byte| *byte = b' ');
        self.state = State::Between { is_first: true, has_comma: false };
        Ok(())
    }

    /// Looks at the bytes that have not been looked at yet.
    fn scan(&mut self, found: &mut Found) -> Parsed<()> {
        loop {
            let went_on = match self.state {
                State::Between { is_first, has_comma } => self.scan_between(is_first, has_comma)?,
                State::Inside { depth, in_string, is_escaped } => {
                    let was_complete = self.scan_inside(depth, in_string, is_escaped);
                    if was_complete {
                        found.end = self.scanned;
                        found.objects += 1;
                    }
                    was_complete
                }
                _ => false,
            };
            if !went_on {
                return Ok(());
            }
        }
    }

    /// Steps to the next object; returns false when the buffer or the body ends first.
    fn scan_between(&mut self, is_first: bool, mut has_comma: bool) -> Parsed<bool> {
        let is_list = self.container != Container::Sequence;
        while let Some(byte) = self.buffer.data.get_mut(self.scanned) {
            match *byte {
                b' ' | b'\n' | b'\r' | b'\t' => {}
                0x1e if !is_list => {}
                b',' if is_list && !is_first && !has_comma => {
                    has_comma = true;
                    *byte = b' ';
                }
                b']' if is_list && !has_comma => {
                    self.scanned += 1;
                    self.state = State::Trailer;
                    return Ok(false);
                }
                b'{' if !is_list || is_first || has_comma => {
                    self.state = State::Inside { depth: 0, in_string: false, is_escaped: false };
                    return Ok(true);
                }
                _ => return Err(self.misplaced(is_first, has_comma)),
            }
            self.scanned += 1;
        }
        self.state = State::Between { is_first, has_comma };
        Ok(false)
    }

    #[cold]
    fn misplaced(&self, is_first: bool, has_comma: bool) -> Box<Fault> {
        let mut cursor = Cursor::new(&self.buffer.data);
        cursor.set_position(self.scanned);
        let is_list = self.container != Container::Sequence;
        let expected = match (is_list, is_first || has_comma) {
            (true, false) => "\",\" or \"]\"",
            (true, true) if is_first => "a JSON object or \"]\"",
            _ => "a JSON object",
        };
        cursor.expected_what(expected)
    }

    /// Steps to the end of the object; returns false when the buffer ends first.
    fn scan_inside(&mut self, mut depth: usize, mut in_string: bool, mut is_escaped: bool) -> bool {
        let mut rest = self.buffer.data.get(self.scanned..).unwrap_or_default();
        if is_escaped && !rest.is_empty() {
            rest = rest.get(1..).unwrap_or_default();
            is_escaped = false;
        }
        loop {
            let found = if in_string {
                memchr::memchr2(b'"', b'\\', rest)
            } else {
                memchr::memchr3(b'"', b'{', b'}', rest)
            };
            let Some(found) = found else {
                self.scanned = self.buffer.data.len();
                self.state = State::Inside { depth, in_string, is_escaped };
                return false;
            };
            let byte = rest.get(found).copied();
            let mut step = found + 1;
            match byte {
                Some(b'"') => in_string = !in_string,
                Some(b'\\') => {
                    is_escaped = step >= rest.len();
                    step += 1;
                }
                Some(b'{') => depth += 1,
                _ => depth -= 1,
            }
            rest = rest.get(step..).unwrap_or_default();
            if depth == 0 && !in_string {
                self.scanned = self.buffer.data.len() - rest.len();
                self.state = State::Between { is_first: false, has_comma: false };
                return true;
            }
        }
    }

    /// Checks that the file may end here.
    fn end_of_body(&mut self) -> Result<(), FormatError> {
        let is_complete =
            matches!(self.state, State::Between { .. }) && self.container == Container::Sequence;
        if is_complete {
            self.state = State::End;
            return Ok(());
        }
        let what = match self.container {
            Container::Collection => "the file ends inside the FeatureCollection",
            Container::Array => "the file ends inside the array",
            Container::Sequence => "the file ends inside an object",
        };
        Err(self.buffer.malformed(self.buffer.data.len(), what))
    }

    /// Reads what stands behind the objects up to the end of the file.
    fn trailer(&mut self) -> Result<(), FormatError> {
        while !self.buffer.at_end {
            self.buffer.grow()?;
        }
        let mut cursor = Cursor::new(&self.buffer.data);
        cursor.set_position(self.scanned);
        let is_collection = self.container == Container::Collection;
        let checked = collection::trailer(&mut cursor, is_collection, &mut self.crs);
        checked.map_err(|fault| self.malformed(&fault))?;
        self.state = State::End;
        self.scanned = 0;
        self.buffer.data.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delivers a few bytes a time, so that every boundary falls everywhere.
    struct Drip(Vec<u8>, usize, usize);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let rest = &self.0[self.1..];
            let count = rest.len().min(self.2).min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.1 += count;
            Ok(count)
        }
    }

    fn split(text: &[u8], layout: Layout) -> Result<(Vec<String>, Option<String>), FormatError> {
        let reader = Box::new(Drip(text.to_vec(), 0, 7));
        let mut splitter = ObjectSplitter::new(reader, "test".into(), layout);
        let (mut objects, mut crs) = (Vec::new(), None);
        while let Some(chunk) = splitter.next_chunk()? {
            let mut cursor = Cursor::new(&chunk.data);
            let before = objects.len();
            loop {
                cursor.skip_between_objects();
                if cursor.peek().is_none() {
                    break;
                }
                let text =
                    cursor.value_text().map_err(|fault| chunk.malformed(fault.offset, ""))?;
                objects.push(String::from_utf8_lossy(text).into_owned());
            }
            assert_eq!(objects.len() - before, chunk.records);
            let found = chunk.crs.map(|text| String::from_utf8_lossy(&text).into_owned());
            crs = found.or(crs);
        }
        Ok((objects, crs))
    }

    #[test]
    fn the_layouts_are_recognised() {
        for text in [
            r#"{"type":"FeatureCollection","features":[{"a":"}"},{"b":{}}]}"#,
            r#"{"features" : [ {"a":"}"} , {"b":{}} ] , "type":"FeatureCollection"}"#,
            r#"[{"a":"}"},{"b":{}}]"#,
            "{\"a\":\"}\"}\n{\"b\":{}}\n",
            "\u{1e}{\"a\":\"}\"}\n\u{1e}{\"b\":{}}",
            "\u{feff}{\"a\":\"}\"} {\"b\":{}}",
        ] {
            let (objects, _) = split(text.as_bytes(), Layout::Features).unwrap();
            assert_eq!(objects, [r#"{"a":"}"}"#, r#"{"b":{}}"#], "{text}");
        }
    }

    #[test]
    fn a_collection_may_be_empty_and_name_its_crs_anywhere() {
        let text = r#"{"crs":{"a":1},"type":"FeatureCollection","features":[]}"#;
        assert_eq!(split(text.as_bytes(), Layout::Features).unwrap().1.unwrap(), r#"{"a":1}"#);
        let text = r#"{"type":"FeatureCollection","features":[{}],"crs":{"a":1}}"#;
        let (objects, crs) = split(text.as_bytes(), Layout::Features).unwrap();
        assert_eq!((objects.len(), crs.as_deref()), (1, Some(r#"{"a":1}"#)));
        assert!(split(b"", Layout::Features).is_err());
        assert_eq!(split(b"\n", Layout::FeatureSequence).unwrap().0.len(), 0);
    }

    #[test]
    fn truncation_is_noticed_at_every_byte() {
        let text = br#"{"type":"FeatureCollection","features":[{"a":"x\"\\"},{"b":1}],"x":[1]}"#;
        for end in 0..text.len() {
            let error = split(&text[..end], Layout::Features).unwrap_err();
            let FormatError::Malformed { offset, .. } = error else { panic!("{error}") };
            assert!(offset <= end as u64, "{end}");
        }
        assert!(split(text, Layout::Features).is_ok());
    }

    #[test]
    fn misplaced_bytes_are_located() {
        for (text, expected) in [
            (r#"{"type":"FeatureCollection","features":[{},]}"#, 43),
            (r#"{"type":"FeatureCollection","features":[,{}]}"#, 40),
            (r#"{"type":"FeatureCollection","features":[{} {}]}"#, 43),
            (r#"{"type":"FeatureCollection","features":[null]}"#, 40),
            (r#"{"type":"FeatureCollection","features":[{}]} x"#, 45),
            (r#"{"type":"FeatureCollection","features":{}}"#, 42),
            ("hello", 0),
            ("{} x", 3),
        ] {
            let error = split(text.as_bytes(), Layout::Features).unwrap_err();
            let FormatError::Malformed { offset, .. } = error else { panic!("{error}") };
            assert_eq!(offset, expected, "{text}");
        }
    }
}
