//! Functions of JSON texts, with the answers of `PostgreSQL`:
//! <https://www.postgresql.org/docs/current/functions-json.html>.
//!
//! JSON is text here whose field says that it is JSON, and a part of it is the text that stands
//! there.

mod access;
mod aggregate;
mod at_path;
mod build;
mod cast;
mod change;
mod contains;
mod each;
mod lists;
mod name;
mod pairs;
mod part;
mod path;
mod steps;
mod written;

use datafusion::common::DataFusionError;
use datafusion::logical_expr::ScalarUDF;

use crate::error::{Code, Error, external};

pub(crate) use access::{JSON_PART, JSON_PATH, JSON_PATH_TEXT, JSON_STEPS, JSON_TEXT};
pub(super) use aggregate::aggregates;
pub(crate) use at_path::JSON_DELETE_PATH;
pub(crate) use cast::{is_json_cast, json_cast, json_cast_function};
pub(crate) use change::{JSON_CONCAT, JSON_DELETE, JSON_DELETE_KEYS};
pub(crate) use contains::{JSON_CONTAINS, JSON_EXISTS, JSON_EXISTS_ALL, JSON_EXISTS_ANY};
pub(crate) use lists::JSON_ITEMS;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = access::all();
    functions.extend(at_path::all());
    functions.extend(build::all());
    functions.extend(cast::all());
    functions.extend(change::all());
    functions.extend(contains::all());
    functions.extend(each::all());
    functions.extend(lists::all());
    functions.extend(pairs::all());
    functions.extend(path::all());
    functions
}

/// Returns the error of a text that is no JSON.
fn invalid(error: &serde_json::Error) -> DataFusionError {
    let message = format!("the text is not JSON: {error}");
    external(Error::new(Code::InvalidText, message).with_hint(
        "Look for the rows with SELECT ... LIMIT 10; a name or a value needs double quotes.",
    ))
}
