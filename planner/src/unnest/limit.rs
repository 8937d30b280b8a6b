//! The first rows of a subquery, for each outer row.

use std::sync::Arc;

use datafusion::common::{Column, Result};
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::logical_plan::{Aggregate, FetchType, Limit, SkipType};
use datafusion::logical_expr::{
    Expr, ExprFunctionExt as _, LogicalPlan, LogicalPlanBuilder, Projection, SortExpr, lit,
};

use super::correlation::mentions_outer;
use super::domain::{Domain, Unnested, columns, named};

impl Domain<'_> {
    pub(super) fn limit(&self, limit: &Limit, with_columns: bool) -> Result<Option<Unnested>> {
        // What a row becomes is computed behind the order it is put in.
        if let LogicalPlan::Projection(projection) = limit.input.as_ref() {
            let input = Limit { input: Arc::clone(&projection.input), ..limit.clone() };
            let exprs = projection.expr.clone();
            let plan = Projection::try_new(exprs, Arc::new(LogicalPlan::Limit(input)))?;
            return self.unnest(&LogicalPlan::Projection(plan), with_columns);
        }
        let (SkipType::Literal(skip), FetchType::Literal(fetch)) =
            (limit.get_skip_type()?, limit.get_fetch_type()?)
        else {
            return Ok(None);
        };
        let (order, part) = match limit.input.as_ref() {
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => (sort.expr.as_slice(), &sort.input),
            _ => (&[] as &[SortExpr], &limit.input),
        };
        let below = with_columns || mentions_outer(&limit.input, self.schema)?;
        let Some(input) = self.unnest(part, below)? else { return Ok(None) };
        let order = input.order(order)?;
        if skip == 0 && fetch == Some(1) {
            return first(input, part, &order).map(Some);
        }
        self.numbered(input, part, order, (skip, fetch)).map(Some)
    }

    /// Numbers the rows of each outer row, and keeps those behind `skip` up to `fetch` of them.
    fn numbered(
        &self,
        input: Unnested,
        part: &LogicalPlan,
        order: Vec<SortExpr>,
        (skip, fetch): (usize, Option<usize>),
    ) -> Result<Unnested> {
        let number = Column::new_unqualified((self.name)());
        let mut window = row_number().partition_by(vec![Expr::Column(input.row.clone())]);
        if !order.is_empty() {
            window = window.order_by(order);
        }
        let place = || Expr::Column(number.clone());
        let mut wanted = place().gt(lit(u64::try_from(skip).unwrap_or(u64::MAX)));
        if let Some(fetch) = fetch {
            let last = u64::try_from(skip.saturating_add(fetch)).unwrap_or(u64::MAX);
            wanted = wanted.and(place().lt_eq(lit(last)));
        }
        let plan = LogicalPlanBuilder::from(input.plan.clone())
            .window(vec![window.build()?.alias(&number.name)])?
            .filter(wanted)?
            .build()?;
        Unnested { plan, ..input }.project(columns(part.schema()))
    }
}

/// Returns the first row of each outer row.
fn first(input: Unnested, part: &LogicalPlan, order: &[SortExpr]) -> Result<Unnested> {
    let row = Expr::Column(input.row.clone());
    let carried = input.carried().into_iter().filter(|expr| *expr != row);
    let kept: Vec<Expr> = columns(part.schema()).into_iter().chain(carried).collect();
    let name = |index: usize| format!("first {index}");
    let values = kept.iter().enumerate();
    let values =
        values.map(|(index, expr)| first_value(expr.clone(), order.to_vec()).alias(name(index)));
    let plan =
        Aggregate::try_new(Arc::new(input.plan.clone()), vec![row.clone()], values.collect())?;
    let mut exprs = Vec::with_capacity(kept.len() + 1);
    for (index, expr) in kept.iter().enumerate() {
        let value = Expr::Column(Column::new_unqualified(name(index)));
        exprs.push(match expr {
            Expr::Column(column) => value.alias_qualified(column.relation.clone(), &column.name),
            _ => named(value, part.schema(), index),
        });
    }
    exprs.push(row);
    let plan = Projection::try_new(exprs, Arc::new(LogicalPlan::Aggregate(plan)))?;
    Ok(Unnested { plan: LogicalPlan::Projection(plan), ..input })
}
