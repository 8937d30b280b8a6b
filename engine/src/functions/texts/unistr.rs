//! `unistr(text)`: a text with the characters that are written by their numbers in it.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// Returns the function.
pub(super) fn unistr() -> ScalarUDF {
    Plain::new("unistr", vec![takes(&[DataType::Utf8])], DataType::Utf8, read_all).into()
}

fn read_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts] = columns else { return exec_err!("one text is expected") };
    let texts = texts.as_string::<i32>().iter();
    let read = texts.map(|text| text.map(read).transpose().map_err(external));
    Ok(Arc::new(read.collect::<Result<StringArray>>()?))
}

/// Reads `\0061`, `\+000061`, `\u0061`, `\U00000061` and `\\`.
fn read(text: &str) -> std::result::Result<String, Error> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut high: Option<u32> = None;
    while let Some(character) = characters.next() {
        let code = match (character, characters.peek().copied()) {
            ('\\', Some('\\')) => {
                characters.next();
                None
            }
            ('\\', _) => Some(escaped(&mut characters).ok_or_else(malformed)?),
            _ => None,
        };
        // A character beyond the first plane may be written as two.
        match (high.take(), code) {
            (None, None) => plain.push(character),
            (None, Some(code @ 0xD800..=0xDBFF)) => high = Some(code),
            (Some(high), Some(low @ 0xDC00..=0xDFFF)) => {
                let pair = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                plain.push(char::from_u32(pair).ok_or_else(half)?);
            }
            (Some(_), _) | (None, Some(0xDC00..=0xDFFF)) => return Err(half()),
            (None, Some(code)) => {
                let known = char::from_u32(code).filter(|_| code > 0);
                plain.push(known.ok_or_else(|| {
                    Error::new(Code::InvalidParameter, "a number is that of no character")
                        .with_hint("The last one is \\+10FFFF.")
                })?);
            }
        }
    }
    if high.is_some() { Err(half()) } else { Ok(plain) }
}

/// Reads the number of a character behind the sign that begins it.
fn escaped(characters: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let digits = match characters.peek()? {
        '+' => 6,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        characters.next();
    }
    let mut code: u32 = 0;
    for _ in 0..digits.max(4) {
        let digit = characters.next()?.to_digit(16)?;
        code = code.checked_mul(16)?.checked_add(digit)?;
    }
    Some(code)
}

fn malformed() -> Error {
    Error::new(Code::SyntaxError, "invalid Unicode escape")
        .with_hint("Type \\0061, \\+000061, \\u0061 or \\U00000061, and \\\\ for the sign itself.")
}

fn half() -> Error {
    Error::new(Code::SyntaxError, "invalid Unicode surrogate pair")
        .with_hint("Type the character by one number, as \\+01F600.")
}
