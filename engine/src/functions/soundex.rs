//! `soundex` and `difference`: how English names sound, by the code of Russell and Odell, with the
//! answers of the extension `fuzzystrmatch` of `PostgreSQL`.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Int32Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::columnar::{answered, are_constant};

/// How many characters a code has.
const LENGTH: usize = 4;

/// The digits of the letters from A to Z.
const DIGITS: &[u8; 26] = b"01230120022455012623010202";

/// One of the two functions.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Soundex {
    /// Whether the codes of two texts are compared.
    is_difference: bool,
    signature: Signature,
}

impl Soundex {
    /// Returns the functions.
    pub(super) fn all() -> [Self; 2] {
        [false, true].map(|is_difference| Self {
            is_difference,
            signature: Signature::string(1 + usize::from(is_difference), Volatility::Immutable),
        })
    }
}

impl ScalarUDFImpl for Soundex {
    fn name(&self) -> &'static str {
        if self.is_difference { "difference" } else { "soundex" }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(if self.is_difference { DataType::Int32 } else { DataType::Utf8 })
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let texts = ColumnarValue::values_to_arrays(&arguments.args)?
            .iter()
            .map(|texts| cast(texts, &DataType::Utf8View))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        let answers: ArrayRef = match (texts.as_slice(), self.is_difference) {
            ([texts], false) => {
                let codes = texts.as_string_view().iter().map(|text| text.map(code));
                Arc::new(codes.collect::<StringArray>())
            }
            ([left, right], true) => {
                let pairs = left.as_string_view().iter().zip(right.as_string_view());
                let equal = pairs.map(|(left, right)| Some(equal(&code(left?), &code(right?))));
                Arc::new(equal.collect::<Int32Array>())
            }
            _ => return exec_err!("{} got {} arguments", self.name(), texts.len()),
        };
        let is_one = answers.len() == 1;
        answered(answers, is_constant && is_one)
    }
}

/// Returns the first letter and three digits; nothing for a text without letters. What is not a
/// letter of ASCII has no digit, and keeps equal ones apart.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(LENGTH);
    let mut last = None;
    for character in text.chars() {
        let digit = digit(character);
        if code.is_empty() {
            if digit.is_some() {
                code.push(character.to_ascii_uppercase());
            }
        } else if let Some(digit) = digit.filter(|digit| *digit != '0' && Some(*digit) != last) {
            code.push(digit);
            if code.len() == LENGTH {
                return code;
            }
        }
        last = digit;
    }
    if !code.is_empty() {
        while code.len() < LENGTH {
            code.push('0');
        }
    }
    code
}

fn digit(letter: char) -> Option<char> {
    let place = u32::from(letter.to_ascii_uppercase()).checked_sub(u32::from('A'))?;
    DIGITS.get(usize::try_from(place).ok()?).map(|digit| char::from(*digit))
}

/// Returns in how many places two codes agree.
fn equal(left: &str, right: &str) -> i32 {
    let of = |code: &str, place: usize| code.as_bytes().get(place).copied();
    (0..LENGTH).map(|place| i32::from(of(left, place) == of(right, place))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_names() {
        for (name, wanted) in [
            ("Robert", "R163"),
            ("Rupert", "R163"),
            ("Tymczak", "T522"),
            ("Pfister", "P236"),
            ("Honeyman", "H555"),
            ("a", "A000"),
            ("-- lloyd", "L300"),
            ("", ""),
            ("12", ""),
            ("\u{e9}t\u{e9}", "T000"),
        ] {
            assert_eq!(code(name), wanted, "{name}");
        }
    }

    #[test]
    fn equal_places_are_counted() {
        assert_eq!(equal(&code("Anne"), &code("Ann")), 4);
        assert_eq!(equal(&code("Anne"), &code("Andrew")), 2);
        assert_eq!(equal(&code("Anne"), &code("Margaret")), 0);
        assert_eq!(equal("", ""), 4);
    }
}
