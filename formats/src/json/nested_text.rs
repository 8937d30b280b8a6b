//! Objects and arrays where a column is text: their JSON becomes the value.

use arrow::datatypes::{DataType, Fields};

use crate::objects::{Cursor, Parsed};

/// Values that nest deeper are text as a whole, so no column of theirs is.
const MAX_DEPTH: usize = 128;

/// Returns rows in which the objects and arrays of text columns are written as texts, and whether
/// there were any.
pub(super) fn with_texts(rows: &[u8], columns: &Fields) -> Parsed<(Vec<u8>, bool)> {
    let mut rewriter = Rewriter { cursor: Cursor::new(rows), written: Vec::new(), copied: 0 };
    rewriter.written.reserve(rows.len() + rows.len() / 4);
    loop {
        rewriter.cursor.skip_between_objects();
        match rewriter.cursor.peek() {
            None => break,
            Some(b'{') => rewriter.object(columns, 0)?,
            Some(_) => rewriter.cursor.skip_value()?,
        }
    }
    let found = rewriter.copied > 0;
    rewriter.copy_until(rows.len());
    Ok((rewriter.written, found))
}

struct Rewriter<'a> {
    cursor: Cursor<'a>,
    written: Vec<u8>,
    /// How much of the rows is written.
    copied: usize,
}

impl Rewriter<'_> {
    fn copy_until(&mut self, end: usize) {
        self.written.extend_from_slice(self.cursor.slice(self.copied, end));
        self.copied = end;
    }

    fn object(&mut self, columns: &Fields, depth: usize) -> Parsed<()> {
        self.cursor.advance(1);
        let mut is_open = !self.cursor.take(b'}');
        let mut expected = 0;
        while is_open {
            let name = self.cursor.key()?.to_text()?;
            // Rows mostly have their members in the order of the columns.
            let next = columns.get(expected).filter(|column| *column.name() == name);
            match next.map(|column| (expected, column)).or_else(|| columns.find(&name)) {
                Some((index, column)) => {
                    expected = index + 1;
                    self.value(column.data_type(), depth + 1)?;
                }
                None => self.cursor.skip_value()?,
            }
            is_open = self.cursor.more(b'}')?;
        }
        Ok(())
    }

    fn value(&mut self, data_type: &DataType, depth: usize) -> Parsed<()> {
        if depth > MAX_DEPTH {
            return self.cursor.skip_value();
        }
        match (self.cursor.next_byte(), data_type) {
            (Some(b'{' | b'['), DataType::Utf8 | DataType::Utf8View) => {
                let start = self.cursor.position();
                // A checked value is UTF-8: its strings were decoded and the rest is ASCII.
                let text = String::from_utf8_lossy(self.cursor.value_text()?);
                self.copy_until(start);
                let quoted = serde_json::Value::from(text).to_string();
                self.written.extend_from_slice(quoted.as_bytes());
                self.copied = self.cursor.position();
                Ok(())
            }
            (Some(b'{'), DataType::Struct(members)) => self.object(members, depth),
            (Some(b'['), DataType::List(item)) => {
                self.cursor.advance(1);
                let mut is_open = !self.cursor.take(b']');
                while is_open {
                    self.value(item.data_type(), depth + 1)?;
                    is_open = self.cursor.more(b']')?;
                }
                Ok(())
            }
            _ => self.cursor.skip_value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::Field;

    use super::*;

    #[test]
    fn only_texts_are_rewritten() {
        let list = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
        let columns = Fields::from(vec![
            Field::new("a", DataType::Utf8View, true),
            Field::new("b", list, true),
        ]);
        let rows = br#"{"a": {"x":"y"} ,"b":[1,[2]],"c":{}}
{"b":[],"a":"plain"}"#;
        let (written, found) = with_texts(rows, &columns).unwrap();
        let expected = r#"{"a": "{\"x\":\"y\"}" ,"b":[1,"[2]"],"c":{}}
{"b":[],"a":"plain"}"#;
        assert_eq!(String::from_utf8(written).unwrap(), expected);
        assert!(found);
        assert!(!with_texts(br#"{"a":"x","b":null}"#, &columns).unwrap().1);
        assert!(with_texts(br#"{"a":{"#, &columns).is_err());
        assert!(with_texts(b"{\"a\":{\"\xff\":1}}", &columns).is_err());
    }
}
