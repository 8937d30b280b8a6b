//! Functions that write values into SQL and other texts, with the answers of `PostgreSQL`.

mod bounded;
mod concat;
mod format;
mod joined;
mod parse_ident;
mod quote;
mod size;
mod unistr;
mod uuids;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use uuids::UUID_CAST;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = quote::all();
    functions.extend(bounded::all());
    functions.extend(concat::all());
    functions.push(format::format());
    functions.push(joined::joined());
    functions.push(parse_ident::parse_ident());
    functions.push(size::size());
    functions.push(unistr::unistr());
    functions.push(uuids::uuid_cast());
    functions
}
