//! `array_to_string`, with elements that are written as `PostgreSQL` writes them.

use datafusion::common::Result;
use datafusion::functions_nested::string::array_to_string_udf;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::super::columnar::mapped;
use super::super::wrapped::{Answers, wrapped};
use super::super::written::with_text_items;

/// Returns the function.
pub(super) fn joined() -> ScalarUDF {
    wrapped(array_to_string_udf(), Joined)
}

/// Gives the function of the engine below texts instead of other elements.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Joined;

impl Answers for Joined {
    fn answer(
        &self,
        inner: &ScalarUDF,
        mut arguments: ScalarFunctionArgs,
    ) -> Result<ColumnarValue> {
        if let Some(list) = arguments.args.first_mut() {
            *list = mapped(list, with_text_items)?;
        }
        inner.inner().invoke_with_args(arguments)
    }
}
