//! `levenshtein`: how many characters of a text are to be inserted, taken out or replaced to make
//! another one of it. Of long texts it takes long, and ends with the query.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Int32Builder};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::columnar::{answered, are_constant};
use crate::error::external;
use crate::queries::Interrupt;

/// How many pairs of characters are compared between two looks at whether anybody still waits.
const BETWEEN_LOOKS: usize = 1 << 20;

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Levenshtein {
    signature: Signature,
}

impl Levenshtein {
    /// Returns the function.
    pub(super) fn new() -> Self {
        Self { signature: Signature::string(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Levenshtein {
    fn name(&self) -> &'static str {
        "levenshtein"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let texts = ColumnarValue::values_to_arrays(&arguments.args)?
            .iter()
            .map(|texts| cast(texts, &DataType::Utf8View))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        let [left, right] = texts.as_slice() else {
            return exec_err!("levenshtein got {} arguments", texts.len());
        };
        let interrupt = arguments.config_options.extensions.get::<Interrupt>();
        let mut compared = 0;
        let mut look = |pairs: usize| {
            compared += pairs;
            if compared < BETWEEN_LOOKS {
                return Ok(());
            }
            compared = 0;
            interrupt.map_or(Ok(()), |interrupt| interrupt.check().map_err(external))
        };
        let mut distances = Int32Builder::with_capacity(left.len());
        for pair in left.as_string_view().iter().zip(right.as_string_view()) {
            match pair {
                (Some(left), Some(right)) => {
                    let distance = distance(left, right, &mut look)?;
                    distances.append_value(i32::try_from(distance).unwrap_or(i32::MAX));
                }
                _ => distances.append_null(),
            }
        }
        let answers: ArrayRef = Arc::new(distances.finish());
        let is_one = answers.len() == 1;
        answered(answers, is_constant && is_one)
    }
}

/// Returns the number of changes; `look` is told of the pairs that come next and may end it.
fn distance(left: &str, right: &str, look: &mut dyn FnMut(usize) -> Result<()>) -> Result<usize> {
    let right: Vec<char> = right.chars().collect();
    // What it takes to make each beginning of the right text of what was read of the left one.
    let mut costs: Vec<usize> = (1..=right.len()).collect();
    let mut count = 0;
    for (row, character) in left.chars().enumerate() {
        look(right.len() + 1)?;
        count = row + 1;
        let (mut before, mut beside) = (row, count);
        for (cost, other) in costs.iter_mut().zip(&right) {
            let replaced = before + usize::from(character != *other);
            before = *cost;
            beside = replaced.min(before + 1).min(beside + 1);
            *cost = beside;
        }
    }
    Ok(costs.last().copied().unwrap_or(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted() {
        for (left, right, wanted) in [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "", 3),
            ("", "", 0),
            ("same", "same", 0),
            ("gumbo", "gambol", 2),
            ("\u{e9}t\u{e9}", "ete", 2),
        ] {
            let found = distance(left, right, &mut |_| Ok(())).unwrap();
            assert_eq!(found, wanted, "{left} {right}");
        }
    }

    #[test]
    fn nobody_waits_for_long_texts_any_more() {
        let text = "a".repeat(10);
        let mut looks = 0;
        let ended = distance(&text, &text, &mut |_| {
            looks += 1;
            if looks > 3 { exec_err!("over") } else { Ok(()) }
        });
        assert!(ended.is_err());
        assert_eq!(looks, 4);
    }
}
