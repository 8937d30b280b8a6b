//! Functions of regular expressions that give several texts: `regexp_matches` and
//! `regexp_split_to_array`.

mod flags;
mod matches;
mod split;

use datafusion::logical_expr::ScalarUDF;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [matches::regexp_matches(), split::regexp_split()]
}
