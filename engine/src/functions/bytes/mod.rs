//! Functions of bytes, with the answers of `PostgreSQL`:
//! <https://www.postgresql.org/docs/current/functions-binarystring.html>.

mod encodings;
mod places;

use datafusion::logical_expr::ScalarUDF;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = places::all();
    functions.extend(encodings::all());
    functions
}
