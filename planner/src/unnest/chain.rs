//! Lateral subqueries that stand side by side, computed over one set of outer rows.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::{Column, Result, ScalarValue, TableReference, not_impl_err};
use datafusion::logical_expr::logical_plan::SubqueryAlias;
use datafusion::logical_expr::{Expr, Join, JoinType, LogicalPlan, Projection};

use super::correlation::{is_correlated, lateral, outer_columns};
use super::domain::{Domain, columns, is_made_up, named};
use super::joins::like;
use super::simple::{is_simple, is_simple_total};
use crate::spool::{ROW, Spool};

/// A join with a lateral subquery that is computed here.
struct Link<'a> {
    join: &'a Join,
    subquery: &'a LogicalPlan,
    /// The columns of the outer rows that the subquery mentions.
    columns: Vec<Column>,
}

impl<'a> Link<'a> {
    /// Returns the link that a join is, unless it is none or one for the query engine.
    fn of(join: &'a Join) -> Result<Option<Self>> {
        let Some(subquery) = lateral(&join.right) else { return Ok(None) };
        let (subquery, outer) = (subquery.subquery.as_ref(), join.left.schema());
        let is_known = matches!(join.join_type, JoinType::Inner | JoinType::Left);
        if !is_known || !is_correlated(subquery)? || is_simple(subquery, outer)? {
            return Ok(None);
        }
        let is_plain = join.on.is_empty() && is_always(join.filter.as_ref());
        if is_plain && is_simple_total(subquery, outer)? {
            return Ok(None);
        }
        // The query engine would refuse what is not known here, or answer wrongly.
        let Some(columns) = outer_columns(subquery, outer)? else { return unknown_form() };
        Ok(Some(Self { join, subquery, columns }))
    }
}

/// Returns the joins of lateral subqueries with the rows they are lateral to: that of `join` and
/// those on its left side that mention nothing but the same rows. So these rows are in the plan
/// once for each subquery, and not twice as often with each of them.
pub(super) fn dependent_joins(
    join: &Join,
    needed: &HashSet<String>,
    name: &dyn Fn() -> String,
) -> Result<Option<LogicalPlan>> {
    let Some(last) = Link::of(join)? else { return Ok(None) };
    let mut links = vec![last];
    let mut rows = &join.left;
    while let LogicalPlan::Join(inner) = rows.as_ref()
        && let Some(link) = Link::of(inner)?
        && links
            .iter()
            .flat_map(|link| &link.columns)
            .all(|column| inner.left.schema().has_column(column))
    {
        links.push(link);
        rows = &inner.left;
    }

    let outer = rows.schema();
    let is_needed = |name: &str| needed.contains(name) || is_made_up(name);
    let kept = columns(outer)
        .into_iter()
        .filter(|expr| matches!(expr, Expr::Column(column) if is_needed(&column.name)));
    let kept = Projection::try_new(kept.collect(), Arc::clone(rows))?;
    let spool = Spool::try_new(Arc::new(LogicalPlan::Projection(kept)), name())?;
    let mut plan = spool.to_plan();
    for link in links.into_iter().rev() {
        let columns = link.columns.clone();
        let domain = Domain { spool: &spool, columns, schema: outer, name };
        let Some(joined) = with_answers(plan, &domain, &link)? else { return unknown_form() };
        plan = LogicalPlan::Join(joined);
    }

    let outputs = columns(&join.schema).into_iter().enumerate().map(|(index, expr)| match &expr {
        Expr::Column(column) if index < outer.fields().len() && !is_needed(&column.name) => {
            let unread = ScalarValue::try_from(outer.field(index).data_type())?;
            Ok(named(Expr::Literal(unread, None), outer, index))
        }
        _ => Ok(expr),
    });
    let outputs = outputs.collect::<Result<_>>()?;
    Ok(Some(LogicalPlan::Projection(Projection::try_new(outputs, Arc::new(plan))?)))
}

/// Joins rows with what a subquery answers for them.
fn with_answers(rows: LogicalPlan, domain: &Domain<'_>, link: &Link<'_>) -> Result<Option<Join>> {
    let Link { join, subquery, .. } = link;
    let Some(unnested) = domain.unnest(subquery, false)? else { return Ok(None) };
    let answers = TableReference::bare((domain.name)());
    let mut exprs: Vec<Expr> = match join.right.as_ref() {
        LogicalPlan::SubqueryAlias(SubqueryAlias { schema, .. }) => columns(subquery.schema())
            .into_iter()
            .enumerate()
            .map(|(index, expr)| named(expr, schema, index))
            .collect(),
        _ => columns(subquery.schema()),
    };
    exprs.push(Expr::Column(unnested.row).alias_qualified(Some(answers.clone()), ROW));
    let right = Projection::try_new(exprs, Arc::new(unnested.plan))?;
    let row = Column::new(Some(answers), ROW);
    let mut on = join.on.clone();
    on.push((Expr::Column(domain.spool.row()), Expr::Column(row)));
    let right = Arc::new(LogicalPlan::Projection(right));
    like(join, Arc::new(rows), right, on, join.filter.clone()).map(Some)
}

fn unknown_form<T>() -> Result<T> {
    not_impl_err!("a correlated subquery of this form is not supported")
}

fn is_always(filter: Option<&Expr>) -> bool {
    filter.is_none_or(|filter| matches!(filter, Expr::Literal(ScalarValue::Boolean(Some(true)), _)))
}
