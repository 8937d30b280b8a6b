//! Stepping over JSON values: quickly, or checking every byte.

use crate::objects::{Cursor, Parsed};

/// How deep a value may nest when every byte of it is checked.
const MAX_DEPTH: usize = 128;

impl<'a> Cursor<'a> {
    /// Steps over a value without looking inside, so that coordinates cost next to nothing.
    /// The inside of an object or array is only checked for matching brackets.
    pub(crate) fn skip_value(&mut self) -> Parsed<()> {
        match self.next_byte() {
            Some(b'{') => self.skip_nested(b'{', b'}'),
            Some(b'[') => self.skip_nested(b'[', b']'),
            Some(_) => self.checked_value(0),
            None => Err(self.expected_what("a value")),
        }
    }

    /// Steps over a value, checking it, and returns its text.
    pub(crate) fn value_text(&mut self) -> Parsed<&'a [u8]> {
        self.skip_whitespace();
        let start = self.position();
        self.checked_value(0)?;
        Ok(self.slice(start, self.position()))
    }

    fn skip_nested(&mut self, open: u8, close: u8) -> Parsed<()> {
        let start = self.position();
        let mut depth = 0_usize;
        loop {
            let Some(found) = memchr::memchr3(b'"', open, close, self.rest()) else {
                self.set_position(start);
                let reason = format!("the file ends before the matching \"{}\"", char::from(close));
                return Err(self.truncation(reason));
            };
            self.advance(found);
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(byte) if byte == open => depth += 1,
                _ => depth -= 1,
            }
            self.advance(1);
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn checked_value(&mut self, depth: usize) -> Parsed<()> {
        if depth > MAX_DEPTH {
            return Err(self.fault(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        match self.next_byte() {
            Some(b'"') => {
                let token = self.string()?;
                token.to_text().map(|_text| ())
            }
            Some(b'{') => self.checked_object(depth),
            Some(b'[') => self.checked_array(depth),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => self.float().map(|_value| ()),
            _ => Err(self.expected_what("a value")),
        }
    }

    fn checked_object(&mut self, depth: usize) -> Parsed<()> {
        self.advance(1);
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.key()?.to_text()?;
            self.checked_value(depth + 1)?;
            if !self.more(b'}')? {
                return Ok(());
            }
        }
    }

    fn checked_array(&mut self, depth: usize) -> Parsed<()> {
        self.advance(1);
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.checked_value(depth + 1)?;
            if !self.more(b']')? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_stepped_over() {
        let text = br#" {"a":[1,{"b":"}\"]"}],"c":{}} ,"#;
        let mut cursor = Cursor::new(text);
        cursor.skip_value().unwrap();
        assert_eq!(cursor.rest(), b" ,");
        let mut cursor = Cursor::new(text);
        assert_eq!(cursor.value_text().unwrap(), br#"{"a":[1,{"b":"}\"]"}],"c":{}}"#);
    }

    #[test]
    fn broken_values_are_refused_where_they_break() {
        for (text, offset) in [
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("[tru]", 1),
            ("{\"a\" 1}", 5),
            ("{a:1}", 1),
            ("[1,", 3),
            ("", 0),
            ("{\"\\x\":1}", 3),
        ] {
            let fault = Cursor::new(text.as_bytes()).value_text().unwrap_err();
            assert_eq!(fault.offset, offset, "{text}: {fault:?}");
        }
        for bytes in [&b"{\"\xff\":1}"[..], b"[\"\xff\"]", b"[\xff]"] {
            assert!(Cursor::new(bytes).value_text().is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_not_followed() {
        let deep = "[".repeat(1_000_000);
        let fault = Cursor::new(deep.as_bytes()).value_text().unwrap_err();
        assert!(fault.reason.contains("nested deeper"));
        assert!(Cursor::new(deep.as_bytes()).skip_value().is_err());
        let closed = format!("{deep}{}", "]".repeat(1_000_000));
        assert!(Cursor::new(closed.as_bytes()).skip_value().is_ok());
    }
}
