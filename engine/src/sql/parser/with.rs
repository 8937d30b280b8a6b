//! `WITH` before a statement that changes rows: its queries belong to those of the statement.

use sqlparser::ast::{ObjectName, Query, With};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};

use super::GeoParser;
use crate::error::Error;
use crate::sql::statement::Statement;

/// The words that begin such statements.
const CHANGES: [Keyword; 4] = [Keyword::INSERT, Keyword::UPDATE, Keyword::DELETE, Keyword::MERGE];

impl GeoParser<'_> {
    /// Parses a statement that changes rows with `WITH` before it; nothing if something else
    /// follows.
    pub(super) fn change_with(&mut self) -> Result<Option<Statement>, Error> {
        let place = self.position();
        let Some(with) = self.parser.maybe_parse(with_before_change)? else { return Ok(None) };
        let mut statement = self.statement()?;
        let changed = match &statement {
            Statement::Change(change) => Some(&change.table),
            Statement::Merge(merge) => Some(&merge.table),
            _ => None,
        };
        if let Some(table) = changed
            && is_named(&with, table)
        {
            let message = format!("{table} is the table that changes, and a query of WITH");
            return Err(Error::unsupported(message)
                .with_hint("Give the query another name.")
                .with_position(place));
        }
        if let Some(query) = statement.query_mut() {
            put_before(&with, query);
        }
        if let Some(query) = statement.returning_mut() {
            put_before(&with, query);
        }
        Ok(Some(statement))
    }
}

fn with_before_change(parser: &mut Parser<'_>) -> Result<With, ParserError> {
    parser.expect_keyword_is(Keyword::WITH)?;
    let with_token = parser.get_current_token().clone();
    let with = With {
        with_token: with_token.into(),
        recursive: parser.parse_keyword(Keyword::RECURSIVE),
        cte_tables: parser.parse_comma_separated(Parser::parse_cte)?,
    };
    if parser.peek_one_of_keywords(&CHANGES).is_none() {
        return parser.expected_ref("a statement that changes rows", parser.peek_token_ref());
    }
    Ok(with)
}

/// Returns whether the name of a table would mean one of the queries.
fn is_named(with: &With, table: &ObjectName) -> bool {
    let [part] = table.0.as_slice() else { return false };
    let Some(name) = part.as_ident() else { return false };
    with.cte_tables.iter().any(|query| query.alias.name.value.eq_ignore_ascii_case(&name.value))
}

/// Puts the queries before those that the query has itself.
fn put_before(with: &With, query: &mut Query) {
    let mut all = with.clone();
    if let Some(own) = query.with.take() {
        all.recursive |= own.recursive;
        all.cte_tables.extend(own.cte_tables);
    }
    query.with = Some(all);
}
