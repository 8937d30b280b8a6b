//! `repeat`, `lpad`, `rpad` and `array_repeat`, which refuse at once to make more than a column can
//! hold; those of the engine below ask for the memory first.

use arrow::array::{Array as _, ArrayRef, AsArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::Result;
use datafusion::functions::{string, unicode};
use datafusion::functions_nested::repeat::array_repeat_udf;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::super::plain::failed;
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
            Self::ByElement => (total(counts, None)?, MOST_ELEMENTS),
        };
        if total <= most {
            return Ok(());
        }
        let message = match self {
            Self::ByElement => format!("{} asks for more than {most} elements", inner.name()),
            _ => format!("{} asks for texts of more than {most} bytes", inner.name()),
        };
        Err(failed(Error::new(Code::LimitExceeded, message)))
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

impl Answers for Grows {
    fn answer(&self, inner: &ScalarUDF, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.check(inner, &arguments)?;
        inner.inner().invoke_with_args(arguments)
    }
}
