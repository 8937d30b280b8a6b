//! JSON strings: decoding and comparing.

use std::borrow::Cow;

use crate::objects::{Fault, Parsed, Token};

impl<'a> Token<'a> {
    /// Returns the decoded string; `scratch` holds it when it has escapes.
    #[inline]
    pub(crate) fn decode<'s>(&self, scratch: &'s mut String) -> Parsed<&'s str>
    where
        'a: 's,
    {
        let text = self.text()?;
        if !self.has_escapes {
            return Ok(text);
        }
        scratch.clear();
        self.unescape(text, scratch)?;
        Ok(scratch)
    }

    /// Returns the decoded string.
    pub(crate) fn to_text(self) -> Parsed<Cow<'a, str>> {
        let text = self.text()?;
        if !self.has_escapes {
            return Ok(Cow::Borrowed(text));
        }
        let mut decoded = String::with_capacity(text.len());
        self.unescape(text, &mut decoded)?;
        Ok(Cow::Owned(decoded))
    }

    /// Tells whether the string is `text`, where `text` needs no escapes.
    #[inline]
    pub(crate) fn is(&self, text: &[u8]) -> bool {
        self.raw == text
    }

    #[inline]
    fn text(&self) -> Parsed<&'a str> {
        std::str::from_utf8(self.raw).map_err(|error| {
            let offset = self.offset + error.valid_up_to();
            let reason = "the text is not UTF-8".into();
            Box::new(Fault { offset, reason, is_truncation: false })
        })
    }

    fn unescape(&self, text: &str, out: &mut String) -> Parsed<()> {
        let mut rest = text;
        while let Some((plain, escaped)) = rest.split_once('\\') {
            out.push_str(plain);
            let offset = self.offset + text.len() - escaped.len();
            let fault = |reason| Box::new(Fault { offset, reason, is_truncation: false });
            let mut characters = escaped.chars();
            let letter = characters.next();
            rest = characters.as_str();
            match letter {
                Some(letter @ ('"' | '\\' | '/')) => out.push(letter),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('u') => {
                    let (character, tail) = unicode(rest)
                        .ok_or_else(|| fault("\\u needs four hexadecimal digits".into()))?;
                    out.push(character);
                    rest = tail;
                }
                _ => return Err(fault("the escape after \\ is unknown".into())),
            }
        }
        out.push_str(rest);
        Ok(())
    }
}

/// Reads the digits of `\u`, joining surrogate pairs; a lone surrogate becomes U+FFFD.
fn unicode(text: &str) -> Option<(char, &str)> {
    let (high, tail) = four_digits(text)?;
    if let Some(character) = char::from_u32(high) {
        return Some((character, tail));
    }
    let low = tail.strip_prefix("\\u").and_then(four_digits);
    if let (0xd800..0xdc00, Some((low @ 0xdc00..0xe000, tail))) = (high, low) {
        let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), tail));
    }
    Some((char::REPLACEMENT_CHARACTER, tail))
}

fn four_digits(text: &str) -> Option<(u32, &str)> {
    let (digits, tail) = text.split_at_checked(4)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok()?;
    are_digits.then_some((code, tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::Cursor;

    fn decode(text: &str) -> Option<String> {
        let quoted = format!("\"{text}\"");
        let mut cursor = Cursor::new(quoted.as_bytes());
        cursor.string().and_then(Token::to_text).ok().map(Cow::into_owned)
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(decode(r#"a\"b\\c\/\b\f\n\r\td"#).unwrap(), "a\"b\\c/\u{8}\u{c}\n\r\td");
        assert_eq!(decode(r"\u00e9\u20ac").unwrap(), "\u{e9}\u{20ac}");
        assert_eq!(decode(r"\ud83d\ude00!").unwrap(), "\u{1f600}!");
        assert_eq!(decode(r"\ud83d!").unwrap(), "\u{fffd}!");
        assert_eq!(decode(r"\ude00\ud83d").unwrap(), "\u{fffd}\u{fffd}");
        assert_eq!(decode(r"\ud83d\u0041").unwrap(), "\u{fffd}A");
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in [r"\x", r"\u12", r"\u12g4", r"\u+123"] {
            assert_eq!(decode(text), None, "{text}");
        }
        let mut cursor = Cursor::new(b"\"\xff\"");
        assert_eq!(cursor.string().and_then(Token::to_text).unwrap_err().offset, 1);
        assert!(Cursor::new(b"\"abc\\").string().is_err());
    }
}
