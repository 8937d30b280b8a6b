//! What may be the name of a member of an object.

use arrow::datatypes::Field;
use datafusion::common::{DataFusionError, Result};
use godwit_udfs::is_json;

use crate::error::{Code, Error, external};

/// Checks that values of a field may be names.
pub(super) fn check_name(field: &Field) -> Result<()> {
    if !field.data_type().is_nested() && !is_json(field) {
        return Ok(());
    }
    let message = "key value must be scalar, not array, composite, or json";
    Err(external(Error::new(Code::InvalidParameter, message).with_hint("Cast the key to text.")))
}

/// Returns the error of a member without a name.
pub(super) fn no_name() -> DataFusionError {
    let message = "field name must not be null";
    let hint = "Leave such rows out with FILTER (WHERE key IS NOT NULL).";
    external(Error::new(Code::InvalidParameter, message).with_hint(hint))
}
