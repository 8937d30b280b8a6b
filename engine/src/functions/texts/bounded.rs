//! `repeat`, `lpad`, `rpad` and `array_repeat`, which refuse at once to make more than a column can
//! hold; those of the engine below ask for the memory first.

use arrow::array::{Array as _, ArrayRef, AsArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::Result;
use datafusion::functions::{string, unicode};
use datafusion::functions_nested::repeat::array_repeat_udf;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::super::wrapped::{Answers, wrapped};
use crate::error::{Code, Error, external};

/// The most bytes that the texts of a column have in one batch, as those of a value in `PostgreSQL`.
const MOST_BYTES: u64 = (1 << 30) - 1;

/// The most elements that the arrays of a column have in one batch.
const MOST_ELEMENTS: u64 = (1 << 27) - 1;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 4] {
    [
        (string::repeat(), Grows::ByText),
        (unicode::lpad(), Grows::To),
        (unicode::rpad(), Grows::To),
        (array_repeat_udf(), Grows::ByElement),
    ]
    .map(|(inner, grows)| wrapped(inner, grows))
}

/// How large an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Grows {
    /// So many times the text.
    ByText,
    /// So many characters.
    To,
    /// So many elements.
    ByElement,
}

impl Grows {
    /// Fails if the answer of a function would be too large.
    fn check(self, inner: &ScalarUDF, arguments: &ScalarFunctionArgs) -> Result<()> {
        let [of, count, ..] = arguments.args.as_slice() else { return Ok(()) };
        let rows = match (of, count) {
            (ColumnarValue::Scalar(_), ColumnarValue::Scalar(_)) => 1,
            _ => arguments.number_rows,
        };
        let counts = cast(&count.to_array(rows)?, &DataType::Int64)?;
        let counts = counts.as_primitive::<Int64Type>();
        let (total, most) = match self {
            Self::ByText => (total(counts, Some(&of.to_array(rows)?))?, MOST_BYTES),
            Self::To => (total(counts, None)?, MOST_BYTES),
            Self::ByElement => (elements(counts, &of.to_array(rows)?), MOST_ELEMENTS),
        };
        if total <= most {
            return Ok(());
        }
        let message = match self {
            Self::ByElement => format!("{} asks for more than {most} elements", inner.name()),
            _ => format!("{} asks for texts of more than {most} bytes", inner.name()),
        };
        Err(external(Error::new(Code::LimitExceeded, message)))
    }
}

/// Returns the sum of the counts, each times the length of its text if there are texts.
fn total(counts: &Int64Array, texts: Option<&ArrayRef>) -> Result<u64> {
    let lengths = texts.map(|texts| cast(texts, &DataType::LargeUtf8)).transpose()?;
    let lengths = lengths.as_ref().map(AsArray::as_string::<i64>);
    let mut total = 0_u64;
    for row in 0..counts.len() {
        if counts.is_null(row) || lengths.is_some_and(|texts| texts.is_null(row)) {
            continue;
        }
        let count = u64::try_from(counts.value(row)).unwrap_or(0);
        let length = lengths.map_or(Ok(1), |texts| u64::try_from(texts.value(row).len()));
        let length = length.map_err(external)?;
        total = total.saturating_add(count.saturating_mul(length));
    }
    Ok(total)
}

/// Returns how many elements there are when values are repeated, those of arrays counted each.
fn elements(counts: &Int64Array, values: &ArrayRef) -> u64 {
    let of_row = |row| {
        let count = if counts.is_null(row) { 0 } else { counts.value(row) };
        u64::try_from(count).unwrap_or(0).saturating_mul(leaves(values, row, row + 1))
    };
    (0..counts.len()).fold(0, |total: u64, row| total.saturating_add(of_row(row)))
}

/// Returns how many elements the arrays from one row up to another have, at least one each; other
/// values count as one.
fn leaves(values: &ArrayRef, first: usize, end: usize) -> u64 {
    let least = u64::try_from(end.saturating_sub(first)).unwrap_or(u64::MAX);
    let Some(lists) = values.as_list_opt::<i32>() else { return least };
    let bound = |row| {
        let offset = lists.value_offsets().get(row).copied();
        offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0)
    };
    leaves(lists.values(), bound(first), bound(end)).max(least)
}

impl Answers for Grows {
    fn answer(&self, inner: &ScalarUDF, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.check(inner, &arguments)?;
        inner.inner().invoke_with_args(arguments)
    }
}
