//! Texts of intervals in all spellings, as the amounts with units that the engine below reads.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use super::out_of_range;
use crate::sql::rewrite::interval_amounts as amounts_of;

/// Returns the function.
pub(crate) fn interval_amounts() -> ScalarUDF {
    let types = [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View].map(|of| takes(&[of]));
    Plain::new("godwit_interval_amounts", types.into(), DataType::Utf8, amounts).strict().into()
}

fn amounts(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts] = columns else { return Err(out_of_range()) };
    let texts = cast(texts, &DataType::Utf8)?;
    let amounts = texts
        .as_string::<i32>()
        .iter()
        .map(|text| text.map(|text| amounts_of(text).unwrap_or_else(|| text.to_owned())));
    Ok(Arc::new(amounts.collect::<StringArray>()))
}
