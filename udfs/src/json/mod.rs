//! Values of every type as JSON, with the answers of `PostgreSQL`.
//!
//! JSON is text whose field says so, by the extension type that Arrow has for it. `jsonb` is text of
//! one spelling: sorted members, each once, and numbers without exponents.

mod binary;
mod column;
mod interval;
mod number;
mod tree;
mod written;

use arrow::datatypes::Field;

pub use binary::to_binary;
pub use column::JsonColumn;
pub use number::{is_free_numeric, without_zeros, write_double, write_single};
pub use tree::Tree;
pub use written::write_string;

const EXTENSION_NAME: &str = "ARROW:extension:name";
const EXTENSION: &str = "arrow.json";

/// Returns whether the texts of a field are JSON.
pub fn is_json(field: &Field) -> bool {
    field.data_type().is_string()
        && field.metadata().get(EXTENSION_NAME).is_some_and(|name| name == EXTENSION)
}

/// Returns a field of texts as one whose texts are JSON.
pub fn as_json(field: Field) -> Field {
    let mut metadata = field.metadata().clone();
    metadata.insert(EXTENSION_NAME.to_owned(), EXTENSION.to_owned());
    field.with_metadata(metadata)
}
