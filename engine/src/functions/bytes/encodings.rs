//! `convert_from(bytes, encoding)`, `convert_to(text, encoding)` and `convert`: texts as bytes.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BinaryArray, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 3] {
    const BYTES: DataType = DataType::BinaryView;
    const TEXT: DataType = DataType::Utf8;
    [
        Plain::new("convert_from", vec![takes(&[BYTES, TEXT])], TEXT, from_bytes).into(),
        Plain::new("convert_to", vec![takes(&[TEXT, TEXT])], DataType::Binary, to_bytes).into(),
        Plain::new("convert", vec![takes(&[BYTES, TEXT, TEXT])], DataType::Binary, between).into(),
    ]
}

fn from_bytes(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [bytes, names] = columns else { return exec_err!("bytes and an encoding are expected") };
    let rows = bytes.as_binary_view().iter().zip(names.as_string::<i32>());
    let texts = rows.map(|row| match row {
        (Some(bytes), Some(name)) => decoded(bytes, name).map_err(external).map(Some),
        _ => Ok(None),
    });
    Ok(Arc::new(texts.collect::<Result<StringArray>>()?))
}

fn to_bytes(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, names] = columns else { return exec_err!("a text and an encoding are expected") };
    let rows = texts.as_string::<i32>().iter().zip(names.as_string::<i32>());
    let bytes = rows.map(|row| match row {
        (Some(text), Some(name)) => encoded(text, name).map_err(external).map(Some),
        _ => Ok(None),
    });
    Ok(Arc::new(bytes.collect::<Result<Vec<_>>>()?.into_iter().collect::<BinaryArray>()))
}

fn between(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [bytes, from, to] = columns else {
        return exec_err!("bytes and two encodings are expected");
    };
    let names = from.as_string::<i32>().iter().zip(to.as_string::<i32>());
    let bytes = bytes.as_binary_view().iter().zip(names).map(|row| match row {
        (Some(bytes), (Some(from), Some(to))) => {
            decoded(bytes, from).and_then(|text| encoded(&text, to)).map_err(external).map(Some)
        }
        _ => Ok(None),
    });
    Ok(Arc::new(bytes.collect::<Result<Vec<_>>>()?.into_iter().collect::<BinaryArray>()))
}

/// How characters are bytes.
enum Encoding {
    Utf8,
    /// A byte a character, of which there are 256.
    Latin1,
}

impl Encoding {
    fn of(name: &str) -> Result<Self, Error> {
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric();
        let plain: String = name.to_ascii_lowercase().chars().filter(is_plain).collect();
        match plain.as_str() {
            "utf8" | "unicode" => Ok(Self::Utf8),
            "latin1" | "iso88591" => Ok(Self::Latin1),
            _ => {
                let message = format!("the encoding \"{name}\" is not known");
                Err(Error::new(Code::InvalidParameter, message).with_hint("Type UTF8 or LATIN1."))
            }
        }
    }
}

fn decoded(bytes: &[u8], encoding: &str) -> Result<String, Error> {
    match Encoding::of(encoding)? {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let place = error.valid_up_to();
                let message = format!("byte {place} begins no character of the encoding UTF8");
                Err(Error::new(Code::InvalidText, message)
                    .with_hint("Name another encoding, or type encode(x, 'hex')."))
            }
        },
        Encoding::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
    }
}

fn encoded(text: &str, encoding: &str) -> Result<Vec<u8>, Error> {
    match Encoding::of(encoding)? {
        Encoding::Utf8 => Ok(text.as_bytes().to_vec()),
        Encoding::Latin1 => text
            .chars()
            .map(|character| {
                u8::try_from(u32::from(character)).ok().ok_or_else(|| {
                    let message =
                        format!("the character \"{character}\" is none of the encoding LATIN1");
                    Error::new(Code::InvalidText, message).with_hint("Type UTF8 in its place.")
                })
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_bytes_and_back() {
        assert_eq!(decoded(&[0xc3, 0xa9], "UTF8").ok().as_deref(), Some("\u{e9}"));
        assert_eq!(decoded(&[0xe9], "iso_8859_1").ok().as_deref(), Some("\u{e9}"));
        assert_eq!(encoded("\u{e9}", "LATIN1").ok(), Some(vec![0xe9]));
        assert!(decoded(&[0xe9], "UTF-8").is_err());
        assert!(encoded("\u{20ac}", "LATIN1").is_err());
        assert!(encoded("a", "klingon").is_err());
    }
}
