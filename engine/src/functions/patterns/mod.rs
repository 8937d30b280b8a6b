//! Functions of regular expressions. `regexp_match` of the engine below leaves out groups that match
//! nothing, and its `regexp_replace` reads `$1`.

mod escapes;
mod flags;
mod matches;
mod part;
mod replace;
mod split;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use escapes::known_escapes;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 5] {
    [
        matches::regexp_match(),
        matches::regexp_matches(),
        part::regexp_substr(),
        replace::regexp_replace(),
        split::regexp_split(),
    ]
}
