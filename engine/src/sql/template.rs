//! Parses SQL of our own: what rewrites put parts of the user's statement into.

use sqlparser::ast::{Expr, Query};
use sqlparser::parser::{Parser, ParserError};

use super::dialect::GeoDialect;

/// Returns the query of a text.
pub(crate) fn query(text: &str) -> Result<Box<Query>, ParserError> {
    Parser::new(&GeoDialect).try_with_sql(text)?.parse_query()
}

/// Returns the expression of a text.
pub(crate) fn expr(text: &str) -> Result<Expr, ParserError> {
    Parser::new(&GeoDialect).try_with_sql(text)?.parse_expr()
}
