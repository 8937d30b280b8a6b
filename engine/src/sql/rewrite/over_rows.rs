//! Turns a row of expressions over parameters into a query over rows of their values.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, ObjectName, ObjectNamePart, Query, SelectItem, SetExpr, TableFactor, Value,
    VisitMut as _, VisitorMut, visit_relations,
};

use super::outcome;
use crate::error::Error;
use crate::sql::template;

/// Returns the query with the placeholder `$n` as the column `$n` of a relation, when it is one row
/// of expressions and reads no table. Placeholders that are no columns stay, counted from 0.
pub(crate) fn over_rows(
    query: &Query,
    relation: &str,
    is_column: &dyn Fn(usize) -> bool,
) -> Result<Option<Query>, Error> {
    let reads_tables = visit_relations(query, |_| ControlFlow::Break(())).is_break();
    if reads_tables || query.with.is_some() || query.limit_clause.is_some() {
        return Ok(None);
    }
    let Some(items) = items(query.body.as_ref()) else { return Ok(None) };
    let text = "SELECT * FROM bound";
    let mut rewritten = template::query(text)?;
    let SetExpr::Select(select) = rewritten.body.as_mut() else { return Ok(None) };
    select.projection = items;
    let Some(from) = select.from.first_mut() else { return Ok(None) };
    if let TableFactor::Table { name, .. } = &mut from.relation {
        let ident = Ident::with_quote('"', relation);
        *name = ObjectName(vec![ObjectNamePart::Identifier(ident)]);
    }
    outcome(rewritten.visit(&mut Columns { is_column }))?;
    Ok(Some(*rewritten))
}

/// Returns the select list of the one row.
fn items(body: &SetExpr) -> Option<Vec<SelectItem>> {
    let named = |(index, expr): (usize, &Expr)| SelectItem::ExprWithAlias {
        expr: expr.clone(),
        alias: Ident::new(format!("column{}", index + 1)),
    };
    match body {
        SetExpr::Values(values) => match values.rows.as_slice() {
            [row] => Some(row.content.iter().enumerate().map(named).collect()),
            _ => None,
        },
        SetExpr::Select(select) if select.from.is_empty() && select.selection.is_none() => {
            let exprs: Option<Vec<&Expr>> = select
                .projection
                .iter()
                .map(|item| match item {
                    SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                        Some(expr)
                    }
                    _ => None,
                })
                .collect();
            Some(exprs?.into_iter().enumerate().map(named).collect())
        }
        _ => None,
    }
}

struct Columns<'a> {
    is_column: &'a dyn Fn(usize) -> bool,
}

impl VisitorMut for Columns<'_> {
    type Break = Error;

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Expr::Value(value) = expr
            && let Value::Placeholder(name) = &value.value
            && index(name).is_none_or(|index| (self.is_column)(index))
        {
            *expr = Expr::Identifier(Ident::with_quote('"', name.clone()));
        }
        ControlFlow::Continue(())
    }
}

/// Returns the number of a placeholder, from 0.
fn index(name: &str) -> Option<usize> {
    let number: usize = name.strip_prefix('$')?.parse().ok()?;
    number.checked_sub(1)
}
