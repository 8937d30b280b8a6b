//! `SET`: the columns that get values, alone or several at once.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, SelectItem,
    SetExpr, TableFactor,
};
use sqlparser::tokenizer::Token;

use super::GeoParser;
use super::write::set_default;
use crate::error::{Code, Error};
use crate::sql::template;

impl GeoParser<'_> {
    /// Parses `column = value, (column, ...) = (value, ...), ...`.
    pub(super) fn assignments(&mut self) -> Result<(Vec<Ident>, Vec<Expr>), Error> {
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        loop {
            if self.parser.peek_token_ref().token == Token::LParen {
                let (several, their_values) = self.row_assignment()?;
                columns.extend(several);
                values.extend(their_values);
            } else {
                columns.push(self.assigned_column()?);
                self.parser.expect_token(&Token::Eq)?;
                values.push(self.parser.parse_expr()?);
            }
            if !self.parser.consume_token(&Token::Comma) {
                values.iter_mut().for_each(set_default);
                return Ok((columns, values));
            }
        }
    }

    /// Parses `(column, ...) = (value, ...)`, with the values of a row or of a subquery.
    fn row_assignment(&mut self) -> Result<(Vec<Ident>, Vec<Expr>), Error> {
        self.parser.expect_token(&Token::LParen)?;
        let mut columns = vec![self.assigned_column()?];
        while self.parser.consume_token(&Token::Comma) {
            columns.push(self.assigned_column()?);
        }
        self.parser.expect_token(&Token::RParen)?;
        self.parser.expect_token(&Token::Eq)?;
        let place = self.position();
        let values = match self.parser.parse_expr()? {
            Expr::Tuple(values) => Some(values),
            Expr::Subquery(query) => Some(columns_of(&query, columns.len())?),
            Expr::Function(function) => row_values(function),
            _ => None,
        };
        let Some(values) = values else {
            let message = "several columns take the values of a row or of a subquery";
            return Err(Error::unsupported(message)
                .with_hint("Type SET (a, b) = (1, 2), ROW (1, 2) or (SELECT ...).")
                .with_position(place));
        };
        if values.len() != columns.len() {
            let message = format!("{} columns cannot take {} values", columns.len(), values.len());
            return Err(Error::new(Code::SyntaxError, message).with_position(place));
        }
        Ok((columns, values))
    }

    fn assigned_column(&mut self) -> Result<Ident, Error> {
        let place = self.position();
        let mut parts = self.object_name()?.0;
        match parts.pop().and_then(|part| part.as_ident().cloned()) {
            // The table may be named before the column.
            Some(column) if parts.len() <= 1 => Ok(column),
            _ => Err(Error::new(Code::SyntaxError, "expected a column").with_position(place)),
        }
    }
}

/// Returns the values of `ROW (value, ...)`.
fn row_values(function: Function) -> Option<Vec<Expr>> {
    if !function.name.to_string().eq_ignore_ascii_case("ROW") {
        return None;
    }
    let FunctionArguments::List(list) = function.args else { return None };
    let value = |argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Some(value),
        _ => None,
    };
    list.args.into_iter().map(value).collect()
}

/// Returns a subquery for each column of one.
fn columns_of(query: &Query, width: usize) -> Result<Vec<Expr>, Error> {
    let names: Vec<String> = (1..=width).map(|column| format!("\"column {column}\"")).collect();
    let text = format!("SELECT 1 FROM (SELECT 1) AS \"row\" ({})", names.join(", "));
    let template = template::query(&text)?;
    let mut subqueries = Vec::with_capacity(width);
    for column in 1..=width {
        let mut subquery = template.clone();
        if let SetExpr::Select(select) = subquery.body.as_mut() {
            let name = Ident::with_quote('"', format!("column {column}"));
            select.projection = vec![SelectItem::UnnamedExpr(Expr::Identifier(name))];
            if let Some(from) = select.from.first_mut()
                && let TableFactor::Derived { subquery: rows, .. } = &mut from.relation
            {
                **rows = query.clone();
            }
        }
        subqueries.push(Expr::Subquery(subquery));
    }
    Ok(subqueries)
}
