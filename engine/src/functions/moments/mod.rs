//! Functions that make and compare moments, with the answers of `PostgreSQL`:
//! <https://www.postgresql.org/docs/current/functions-datetime.html>.

mod isfinite;
mod make;
mod overlaps;
mod precision;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use overlaps::OVERLAPS;
pub(crate) use precision::PRECISION;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = vec![isfinite::isfinite(), overlaps::overlaps(), precision::precision()];
    functions.extend(make::all());
    functions
}
