//! What `x::uuid` is: the text of a UUID as `PostgreSQL` spells it, in small letters and with hyphens.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// The function that a cast to a UUID is.
pub(crate) const UUID_CAST: &str = "godwit_uuid";

/// How many digits a UUID has.
const DIGITS: usize = 32;

/// Returns the function.
pub(super) fn uuid_cast() -> ScalarUDF {
    let types = vec![takes(&[DataType::Utf8])];
    Plain::new(UUID_CAST, types, DataType::Utf8, read_all).strict().into()
}

fn read_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts] = columns else { return exec_err!("one text is expected") };
    let spelled = texts.as_string::<i32>().iter().map(|text| text.map(spelled).transpose());
    Ok(Arc::new(spelled.collect::<Result<StringArray>>()?))
}

fn spelled(text: &str) -> Result<String> {
    let digits = digits(text).ok_or_else(|| {
        let message = format!("invalid input syntax for type uuid: \"{text}\"");
        let hint = "Type 32 hexadecimal digits, as 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'.";
        external(Error::new(Code::InvalidText, message).with_hint(hint))
    })?;
    let mut spelled = String::with_capacity(36);
    for (place, digit) in digits.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            spelled.push('-');
        }
        spelled.push(digit);
    }
    Ok(spelled)
}

/// Returns the digits of a text, which may be in braces and have a hyphen behind each four of them.
fn digits(text: &str) -> Option<String> {
    let text = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let mut digits = String::with_capacity(DIGITS);
    let mut is_hyphen_possible = false;
    for character in text.chars() {
        if character == '-' && is_hyphen_possible {
            is_hyphen_possible = false;
            continue;
        }
        digits.push(character.is_ascii_hexdigit().then(|| character.to_ascii_lowercase())?);
        is_hyphen_possible = digits.len().is_multiple_of(4) && digits.len() < DIGITS;
    }
    (digits.len() == DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_spelled_in_one_way() {
        let expected = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
        for text in [
            expected,
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11}",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
        ] {
            assert_eq!(spelled(text).ok().as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "abc",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11-",
            "a0-eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee--bc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380a112",
        ] {
            assert!(spelled(text).is_err(), "{text}");
        }
    }
}
