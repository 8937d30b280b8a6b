//! Functions of numbers that the query engine lacks, with the answers of `PostgreSQL`.

mod div;
mod nulls;
mod width_bucket;

use datafusion::logical_expr::ScalarUDF;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = vec![div::div(), width_bucket::width_bucket()];
    functions.extend(nulls::all());
    functions
}
