//! A scanner over JSON text: finds where values start and end without building them.

use crate::GeometryError;
use crate::number::read_prefix;

/// A position in JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// Returns the next byte that is not space, without passing it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.position) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.position += 1,
                other => return other.copied(),
            }
        }
    }

    /// Passes the byte if it is the next one that is not space.
    #[inline]
    pub(super) fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    /// Passes the byte, which must be the next one that is not space.
    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), GeometryError> {
        if self.accept(byte) {
            return Ok(());
        }
        Err(self.error(&format!("expected \"{}\"", char::from(byte))))
    }

    /// Reads a number.
    #[inline]
    pub(super) fn number(&mut self) -> Result<f64, GeometryError> {
        self.peek();
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let Some((value, length)) = read_prefix(rest) else {
            return Err(self.error("expected a number"));
        };
        self.position += length;
        Ok(value)
    }

    /// Reads a number, which may be a string.
    #[inline]
    pub(super) fn ordinate(&mut self) -> Result<f64, GeometryError> {
        if self.peek() != Some(b'"') {
            return self.number();
        }
        let text = self.string()?;
        match read_prefix(text) {
            Some((value, length)) if length == text.len() => Ok(value),
            _ => Err(self.error("expected a number")),
        }
    }

    /// Reads a string and returns what stands between the quotes, escapes as they are.
    pub(super) fn string(&mut self) -> Result<&'a [u8], GeometryError> {
        self.expect(b'"')?;
        let start = self.position;
        loop {
            let rest = self.bytes.get(self.position..).unwrap_or_default();
            let Some(length) = memchr::memchr2(b'"', b'\\', rest) else {
                return Err(self.error("a string does not end"));
            };
            self.position += length;
            if self.bytes.get(self.position) == Some(&b'"') {
                let text = self.bytes.get(start..self.position).unwrap_or_default();
                self.position += 1;
                return Ok(text);
            }
            self.position += 2;
        }
    }

    /// Passes a value of any kind.
    pub(super) fn skip_value(&mut self) -> Result<(), GeometryError> {
        let mut open = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.error("unexpected end of the text")),
                Some(b'"') => {
                    self.string()?;
                }
                Some(byte @ (b'{' | b'[')) => {
                    open.push(if byte == b'{' { b'}' } else { b']' });
                    self.position += 1;
                }
                Some(byte @ (b'}' | b']')) => {
                    if open.pop() != Some(byte) {
                        return Err(self.error(&format!("unexpected \"{}\"", char::from(byte))));
                    }
                    self.position += 1;
                }
                Some(b',' | b':') if !open.is_empty() => {
                    self.position += 1;
                    continue;
                }
                Some(_) => self.skip_scalar()?,
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    /// Passes a number or a word such as `null`.
    fn skip_scalar(&mut self) -> Result<(), GeometryError> {
        let start = self.position;
        while let Some(byte) = self.bytes.get(self.position) {
            if !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'+' | b'.') {
                break;
            }
            self.position += 1;
        }
        if self.position == start {
            return Err(self.error("expected a value"));
        }
        Ok(())
    }

    pub(super) fn error(&self, reason: &str) -> GeometryError {
        GeometryError::InvalidGeoJson { reason: format!("{reason} at byte {}", self.position) }
    }
}
