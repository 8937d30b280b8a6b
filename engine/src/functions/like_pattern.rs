//! The function that writes the pattern of `LIKE .. ESCAPE '!'` with the one escape that the engine
//! below knows.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use crate::error::{Code, Error};

/// What its name is in plans.
pub(crate) const LIKE_PATTERN: &str = "godwit_like_pattern";

/// A pattern and its escape, one character or none, as a pattern with backslashes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct LikePattern {
    signature: Signature,
}

impl LikePattern {
    /// Returns the function.
    pub(super) fn new() -> Self {
        let types = vec![DataType::Utf8, DataType::Utf8];
        Self { signature: Signature::exact(types, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for LikePattern {
    fn name(&self) -> &'static str {
        LIKE_PATTERN
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [patterns, ColumnarValue::Scalar(escape)] = arguments.args.as_slice() else {
            return exec_err!("{LIKE_PATTERN} takes a pattern and a constant");
        };
        let escape = match escape {
            ScalarValue::Utf8(Some(escape)) => escape.chars().next(),
            _ => return exec_err!("{LIKE_PATTERN} takes a pattern and a constant"),
        };
        match patterns {
            ColumnarValue::Scalar(pattern) => {
                let pattern = pattern.cast_to(&DataType::Utf8)?;
                let ScalarValue::Utf8(pattern) = pattern else {
                    return exec_err!("a pattern is no text");
                };
                let pattern = pattern.map(|pattern| written(&pattern, escape)).transpose()?;
                Ok(ColumnarValue::Scalar(ScalarValue::Utf8(pattern)))
            }
            ColumnarValue::Array(patterns) => {
                let patterns = cast(patterns, &DataType::Utf8View)?;
                let patterns = patterns.as_string_view();
                let mut all = StringBuilder::with_capacity(patterns.len(), 0);
                for pattern in patterns {
                    all.append_option(pattern.map(|pattern| written(pattern, escape)).transpose()?);
                }
                Ok(ColumnarValue::Array(Arc::new(all.finish())))
            }
        }
    }
}

/// Returns the pattern with backslashes before what is to be taken as it is.
fn written(pattern: &str, escape: Option<char>) -> Result<String> {
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if Some(character) == escape {
            let Some(escaped) = characters.next() else {
                let message = "the pattern of LIKE ends with its escape character";
                let error = Error::new(Code::InvalidParameter, message)
                    .with_hint("Double the character where it stands for itself.");
                return Err(DataFusionError::External(Box::new(error)));
            };
            text.extend(['\\', escaped]);
        } else if character == '\\' {
            text.push_str("\\\\");
        } else {
            text.push(character);
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_backslashes() {
        assert_eq!(written("100!%", Some('!')).unwrap(), "100\\%");
        assert_eq!(written("a!!b\\c_", Some('!')).unwrap(), "a\\!b\\\\c_");
        assert_eq!(written("a\\%", None).unwrap(), "a\\\\%");
        assert!(written("a!", Some('!')).is_err());
    }
}
