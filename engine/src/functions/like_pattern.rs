//! The functions that write patterns as the engine below takes them: those of `LIKE .. ESCAPE '!'`
//! with the one escape that it knows, those of `SIMILAR TO` as regular expressions.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::similar_pattern::regular_expression;
use crate::error::{Code, Error, external};

/// The name of the function for `LIKE` in plans.
pub(crate) const LIKE_PATTERN: &str = "godwit_like_pattern";
/// The name of the function for `SIMILAR TO` in plans.
pub(crate) const SIMILAR_PATTERN: &str = "godwit_similar_pattern";

/// A pattern and its escape, one character or none, as a pattern with backslashes or as a regular
/// expression.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PatternOf {
    name: &'static str,
    signature: Signature,
}

impl PatternOf {
    /// Returns the functions.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let types = vec![DataType::Utf8, DataType::Utf8];
        let signature = Signature::exact(types, Volatility::Immutable);
        let names = [LIKE_PATTERN, SIMILAR_PATTERN].into_iter();
        names.map(move |name| Self { name, signature: signature.clone() })
    }

    fn written(&self, pattern: &str, escape: Option<char>) -> Result<String> {
        let written = if self.name == LIKE_PATTERN { backslashed } else { regular_expression };
        written(pattern, escape)
    }
}

impl ScalarUDFImpl for PatternOf {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [patterns, ColumnarValue::Scalar(escape)] = arguments.args.as_slice() else {
            return exec_err!("{} takes a pattern and a constant", self.name);
        };
        let escape = match escape {
            ScalarValue::Utf8(Some(escape)) => escape.chars().next(),
            _ => return exec_err!("{} takes a pattern and a constant", self.name),
        };
        match patterns {
            ColumnarValue::Scalar(pattern) => {
                let pattern = pattern.cast_to(&DataType::Utf8)?;
                let ScalarValue::Utf8(pattern) = pattern else {
                    return exec_err!("a pattern is no text");
                };
                let pattern = pattern.map(|pattern| self.written(&pattern, escape)).transpose()?;
                Ok(ColumnarValue::Scalar(ScalarValue::Utf8(pattern)))
            }
            ColumnarValue::Array(patterns) => {
                let patterns = cast(patterns, &DataType::Utf8View)?;
                let patterns = patterns.as_string_view();
                let mut all = StringBuilder::with_capacity(patterns.len(), 0);
                for pattern in patterns {
                    let written = pattern.map(|pattern| self.written(pattern, escape));
                    all.append_option(written.transpose()?);
                }
                Ok(ColumnarValue::Array(Arc::new(all.finish())))
            }
        }
    }
}

/// Returns the pattern with backslashes before what is to be taken as it is.
fn backslashed(pattern: &str, escape: Option<char>) -> Result<String> {
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if Some(character) == escape {
            let Some(escaped) = characters.next() else {
                return Err(lonely_escape());
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

/// Returns what is said of a pattern whose last character is an escape of nothing.
pub(super) fn lonely_escape() -> DataFusionError {
    let message = "the pattern ends with its escape character";
    let error = Error::new(Code::InvalidParameter, message)
        .with_hint("Double the character where it stands for itself.");
    external(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_backslashes() {
        assert_eq!(backslashed("100!%", Some('!')).unwrap(), "100\\%");
        assert_eq!(backslashed("a!!b\\c_", Some('!')).unwrap(), "a\\!b\\\\c_");
        assert_eq!(backslashed("a\\%", None).unwrap(), "a\\\\%");
        assert!(backslashed("a!", Some('!')).is_err());
    }
}
