//! `from_hex`: the bytes that hexadecimal digits stand for.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, BinaryBuilder};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::columnar::answered;
use crate::error::{Code, Error, external};

/// The bytes that hexadecimal digits stand for, two a byte.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct FromHex {
    signature: Signature,
    aliases: Vec<String>,
}

impl FromHex {
    /// Returns the function.
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::string(1, Volatility::Immutable),
            aliases: vec!["unhex".to_owned()],
        }
    }
}

impl ScalarUDFImpl for FromHex {
    fn name(&self) -> &'static str {
        "from_hex"
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = matches!(arguments.args.as_slice(), [ColumnarValue::Scalar(_)]);
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let [text] = arrays.as_slice() else { return exec_err!("from_hex takes one argument") };
        let text = cast(text, &DataType::Utf8View)?;
        let text = text.as_string_view();
        let mut bytes = BinaryBuilder::with_capacity(text.len(), 0);
        for digits in text {
            match digits {
                Some(digits) => bytes.append_value(decoded(digits)?),
                None => bytes.append_null(),
            }
        }
        let bytes = bytes.finish();
        let is_one = bytes.len() == 1;
        answered(Arc::new(bytes), is_constant && is_one)
    }
}

fn decoded(digits: &str) -> Result<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => Some(value(*high)? * 16 + value(*low)?),
            _ => None,
        })
        .collect();
    bytes.ok_or_else(|| {
        let error = Error::new(Code::InvalidText, "the text is not pairs of hexadecimal digits")
            .with_hint("Two digits make a byte, as in from_hex('00ff').");
        external(error)
    })
}

fn value(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}
