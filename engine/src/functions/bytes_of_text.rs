//! The bytes that a text spells as `PostgreSQL` writes them: `\x00ff`, or characters of which some
//! are a backslash with three octal digits.
//! <https://www.postgresql.org/docs/current/datatype-binary.html>

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// Returns the function that reads bytes.
pub(crate) fn bytes_of_text() -> ScalarUDF {
    let types = vec![takes(&[DataType::Utf8])];
    Plain::new("godwit_bytes", types, DataType::Binary, read_all).strict().into()
}

fn read_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts] = columns else { return exec_err!("bytes are read from one text") };
    let texts = texts.as_string::<i32>();
    let mut bytes = BinaryBuilder::with_capacity(texts.len(), texts.value_data().len());
    for text in texts {
        match text {
            Some(text) => bytes.append_value(read_bytes(text).map_err(external)?),
            None => bytes.append_null(),
        }
    }
    Ok(Arc::new(bytes.finish()))
}

/// Returns the bytes that a text spells.
pub(crate) fn read_bytes(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = match text.strip_prefix(r"\x") {
        Some(digits) => of_digits(digits),
        None => unescaped(text),
    };
    bytes.ok_or_else(|| {
        Error::new(Code::InvalidText, format!("\"{text}\" does not spell bytes"))
            .with_hint(r"Type '\x00ff'::bytea, or '\000\377'::bytea.")
    })
}

fn of_digits(digits: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let digits = digits.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let digits: Vec<u32> = digits.map(digit).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| u8::try_from(high * 16 + low).ok());
    rest.is_empty().then(|| bytes.collect())?
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'\\' {
            bytes.push(*first);
            rest = after;
        } else if let Some(after) = after.strip_prefix(b"\\") {
            bytes.push(b'\\');
            rest = after;
        } else {
            let (digits, after) = after.split_at_checked(3)?;
            bytes.push(octal(digits)?);
            rest = after;
        }
    }
    Some(bytes)
}

fn octal(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0_u8, |value, &digit| {
        let digit = char::from(digit).to_digit(8).and_then(|digit| u8::try_from(digit).ok())?;
        value.checked_mul(8)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_both_spellings() {
        let read = |text| read_bytes(text).ok();
        assert_eq!(read(r"\x01 fF"), Some(vec![1, 255]));
        assert_eq!(read(r"\001a\\\377"), Some(vec![1, b'a', b'\\', 255]));
        assert_eq!(read(""), Some(Vec::new()));
        for wrong in [r"\x0", r"\xgg", r"\9", r"\400", r"\0", r"\08x", r"\+12"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
