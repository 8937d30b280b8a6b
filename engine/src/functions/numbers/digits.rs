//! The digits of a floating-point number, from which a decimal is read.

use std::fmt::{Display, Write as _};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringBuilder};
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};

/// More digits behind the point than any decimal has.
const MOST_DIGITS: usize = 40;

/// Returns the function of the shortest text that is read as the same number, without an exponent:
/// `0.1` is a tenth, and not the 55 digits that the double is.
pub(crate) fn digits() -> ScalarUDF {
    let types = vec![takes(&[DataType::Float32]), takes(&[DataType::Float64])];
    Plain::new("godwit_digits", types, DataType::Utf8, |columns| {
        let [numbers] = columns else { return exec_err!("the digits are those of one number") };
        match numbers.as_primitive_opt::<Float32Type>() {
            Some(numbers) => write_all(numbers.iter()),
            None => write_all(numbers.as_primitive::<Float64Type>().iter()),
        }
    })
    .strict()
    .into()
}

fn write_all<T: Display>(numbers: impl Iterator<Item = Option<T>>) -> Result<ArrayRef> {
    let mut texts = StringBuilder::new();
    let mut text = String::new();
    for number in numbers {
        let Some(number) = number else {
            texts.append_null();
            continue;
        };
        text.clear();
        write!(text, "{number}")?;
        if text.split_once('.').is_some_and(|(_, fraction)| fraction.len() > MOST_DIGITS) {
            text.clear();
            write!(text, "{number:.MOST_DIGITS$}")?;
        }
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}
