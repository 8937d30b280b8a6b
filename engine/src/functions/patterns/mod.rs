//! Functions of regular expressions that give several texts: `regexp_match`, `regexp_matches` and
//! `regexp_split_to_array`. That of the engine below leaves out groups that match nothing.

mod flags;
mod matches;
mod split;

use datafusion::logical_expr::ScalarUDF;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 3] {
    [matches::regexp_match(), matches::regexp_matches(), split::regexp_split()]
}
