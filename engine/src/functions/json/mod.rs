//! Functions of JSON texts, with the answers of `PostgreSQL`:
//! <https://www.postgresql.org/docs/current/functions-json.html>.
//!
//! JSON is text here, and a part of it is the text that stands there.

mod access;
mod lists;
mod part;
mod steps;

use datafusion::common::DataFusionError;
use datafusion::logical_expr::ScalarUDF;

use super::plain::failed;
use crate::error::{Code, Error};

pub(crate) use access::{JSON_PART, JSON_PATH, JSON_PATH_TEXT, JSON_TEXT};

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = access::all();
    functions.extend(lists::all());
    functions
}

/// Returns the error of a text that is no JSON.
fn invalid(error: &serde_json::Error) -> DataFusionError {
    let message = format!("the text is not JSON: {error}");
    failed(Error::new(Code::InvalidText, message).with_hint(
        "Look for the rows with SELECT ... LIMIT 10; a name or a value needs double quotes.",
    ))
}
