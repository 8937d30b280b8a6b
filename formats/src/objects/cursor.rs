//! A position in JSON text and the steps every parser takes.
#![expect(clippy::unnecessary_box_returns, reason = "the error of a parse result is boxed")]

use std::borrow::Cow;

/// A reason to refuse JSON text, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The offset in the text that was parsed.
    pub(crate) offset: usize,
    pub(crate) reason: Cow<'static, str>,
    /// Whether the text simply ended too early.
    pub(crate) is_truncation: bool,
}

pub(crate) type Parsed<T> = Result<T, Box<Fault>>;

/// A position in JSON text.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    data: &'a [u8],
    position: usize,
}

/// The inside of a JSON string, not decoded yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) raw: &'a [u8],
    pub(crate) has_escapes: bool,
    /// Where the inside begins.
    pub(crate) offset: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, position: 0 }
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    pub(crate) fn set_position(&mut self, position: usize) {
        self.position = position;
    }

    #[inline]
    pub(crate) fn advance(&mut self, count: usize) {
        self.position += count;
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.data.get(self.position).copied()
    }

    /// Returns the text that is left.
    #[inline]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.data.get(self.position..).unwrap_or_default()
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.data.get(start..end).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.position += 1;
        }
    }

    /// Skips what may stand between two objects: white space and record separators.
    pub(crate) fn skip_between_objects(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r' | 0x1e) = self.peek() {
            self.position += 1;
        }
    }

    /// Skips white space and returns the byte behind it.
    #[inline]
    pub(crate) fn next_byte(&mut self) -> Option<u8> {
        match self.peek() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => {
                self.skip_whitespace();
                self.peek()
            }
        }
    }

    /// Takes one byte if it is the next after white space.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.next_byte() == Some(byte);
        self.position += usize::from(found);
        found
    }

    #[inline]
    pub(crate) fn expect(&mut self, byte: u8) -> Parsed<()> {
        if self.take(byte) {
            return Ok(());
        }
        Err(self.expected(char::from(byte)))
    }

    /// Takes a word such as `null`.
    pub(crate) fn word(&mut self, word: &'static str) -> Parsed<()> {
        if self.rest().starts_with(word.as_bytes()) {
            self.position += word.len();
            return Ok(());
        }
        if word.as_bytes().starts_with(self.rest()) {
            return Err(self.truncation(format!("the file ends inside {word}")));
        }
        Err(self.fault(format!("expected {word}")))
    }

    /// Takes `,` and returns true, or takes `close` and returns false.
    #[inline]
    pub(crate) fn more(&mut self, close: u8) -> Parsed<bool> {
        match self.next_byte() {
            Some(b',') => {
                self.position += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.position += 1;
                Ok(false)
            }
            _ => Err(self.expected_either(close)),
        }
    }

    /// Takes a string and the colon behind it: the name of a member.
    #[inline]
    pub(crate) fn key(&mut self) -> Parsed<Token<'a>> {
        if self.next_byte() != Some(b'"') {
            return Err(self.expected_what("a member name in double quotes"));
        }
        let token = self.string()?;
        self.expect(b':')?;
        self.skip_whitespace();
        Ok(token)
    }

    /// Takes a string; the cursor stands on its opening quote.
    #[inline]
    pub(crate) fn string(&mut self) -> Parsed<Token<'a>> {
        self.position += 1;
        let offset = self.position;
        let mut has_escapes = false;
        loop {
            let Some(found) = memchr::memchr2(b'"', b'\\', self.rest()) else {
                self.position = self.data.len();
                return Err(self.truncation("the file ends inside a string"));
            };
            self.position += found;
            if self.peek() == Some(b'"') {
                let raw = self.slice(offset, self.position);
                self.position += 1;
                return Ok(Token { raw, has_escapes, offset });
            }
            has_escapes = true;
            self.position += 2;
        }
    }

    pub(crate) fn fault(&self, reason: impl Into<Cow<'static, str>>) -> Box<Fault> {
        Box::new(Fault { offset: self.position, reason: reason.into(), is_truncation: false })
    }

    pub(crate) fn truncation(&self, reason: impl Into<Cow<'static, str>>) -> Box<Fault> {
        Box::new(Fault { offset: self.position, reason: reason.into(), is_truncation: true })
    }

    #[cold]
    pub(crate) fn expected_what(&self, what: &str) -> Box<Fault> {
        match self.peek() {
            None => self.truncation(format!("the file ends where {what} is expected")),
            Some(byte) => self.fault(format!("expected {what}, found \"{}\"", byte.escape_ascii())),
        }
    }

    #[cold]
    fn expected(&self, what: char) -> Box<Fault> {
        self.expected_what(&format!("\"{what}\""))
    }

    #[cold]
    fn expected_either(&self, close: u8) -> Box<Fault> {
        self.expected_what(&format!("\",\" or \"{}\"", char::from(close)))
    }
}
