//! Aggregates of a subquery, apart for each outer row.

use std::sync::Arc;

use datafusion::common::{Column, JoinType, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::Aggregate;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Projection, lit, when};

use super::domain::{Domain, Unnested};
use super::grouping_sets::id_of_total;

impl Domain<'_> {
    /// Returns an aggregate over the outer rows; without groups it has a row for each of them.
    pub(super) fn aggregate(
        &self,
        aggregate: &Aggregate,
        below: bool,
        with_columns: bool,
    ) -> Result<Option<Unnested>> {
        if aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_))) {
            return self.grouping_sets(aggregate, below, with_columns);
        }
        let Some(input) = self.unnest(&aggregate.input, below)? else { return Ok(None) };
        let is_total = aggregate.group_expr.is_empty();
        let names = NamePreserver::new_for_projection();
        let placed = |expr: &Expr| Ok(names.save(expr).restore(input.outer.apply(expr.clone())?));
        let groups = aggregate.group_expr.iter().map(placed).collect::<Result<Vec<_>>>()?;
        let values = aggregate.aggr_expr.iter().map(placed).collect::<Result<Vec<_>>>()?;
        let input = input.keeping(with_columns && !is_total);
        let carried = input.carried();
        let groups = groups.into_iter().chain(carried).collect();
        let plan = Aggregate::try_new(Arc::new(input.plan), groups, values)?;
        let totals = Unnested { plan: LogicalPlan::Aggregate(plan), ..input };
        if is_total { self.with_defaults(aggregate, totals).map(Some) } else { Ok(Some(totals)) }
    }

    /// Returns the totals with those of outer rows for which there was nothing to add up.
    pub(super) fn with_defaults(
        &self,
        aggregate: &Aggregate,
        totals: Unnested,
    ) -> Result<Unnested> {
        let rows = self.rows()?;
        let keys = (vec![rows.row.clone()], vec![totals.row.clone()]);
        let joined = LogicalPlanBuilder::from(rows.plan.clone())
            .join(totals.plan, JoinType::Left, keys, None)?
            .build()?;
        let mut exprs = Vec::with_capacity(aggregate.schema.fields().len());
        let group_count = aggregate.schema.fields().len().saturating_sub(aggregate.aggr_expr.len());
        for (index, (qualifier, field)) in aggregate.schema.iter().enumerate() {
            let value = Expr::Column(Column::from((qualifier, field)));
            let call =
                index.checked_sub(group_count).and_then(|place| aggregate.aggr_expr.get(place));
            let default = match call.map(|expr| expr.clone().unalias()) {
                Some(Expr::AggregateFunction(function)) => {
                    Some(function.func.default_value(field.data_type())?)
                }
                None if field.name() == Aggregate::INTERNAL_GROUPING_ID => {
                    Some(id_of_total(group_count.saturating_sub(1), field.data_type())?)
                }
                _ => None,
            };
            exprs.push(match default.filter(|default| !default.is_null()) {
                Some(default) => {
                    let is_none = Expr::Column(totals.row.clone()).is_null();
                    let value = when(is_none, lit(default)).otherwise(value)?;
                    value.alias_qualified(qualifier.cloned(), field.name())
                }
                None => value,
            });
        }
        exprs.extend(rows.carried());
        let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(joined))?);
        Ok(Unnested { plan, ..rows })
    }
}
