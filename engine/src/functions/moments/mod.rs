//! Functions that make and compare moments, with the answers of `PostgreSQL`:
//! <https://www.postgresql.org/docs/current/functions-datetime.html>.

mod isfinite;
mod make;
mod overlaps;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use overlaps::OVERLAPS;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = vec![isfinite::isfinite(), overlaps::overlaps()];
    functions.extend(make::all());
    functions
}
