//! `ROLLUP`, `CUBE` and `GROUPING SETS` of a subquery, apart for each outer row.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::Aggregate;
use datafusion::logical_expr::{Expr, GroupingSet, LogicalPlan};

use super::domain::{Domain, Unnested};

impl Domain<'_> {
    /// Returns an aggregate over the outer rows, the number of which every grouping set has first:
    /// what the grouping sets say of their own columns stays as it was.
    pub(super) fn grouping_sets(
        &self,
        aggregate: &Aggregate,
        below: bool,
        with_columns: bool,
    ) -> Result<Option<Unnested>> {
        let Some(input) = self.unnest(&aggregate.input, below)? else { return Ok(None) };
        for expr in &aggregate.group_expr {
            // Columns are named by their expressions, of which one with the outer row is another.
            if input.outer.apply(expr.clone())? != *expr {
                return Ok(None);
            }
        }
        let names = NamePreserver::new_for_projection();
        let placed = |expr: &Expr| Ok(names.save(expr).restore(input.outer.apply(expr.clone())?));
        let values = aggregate.aggr_expr.iter().map(placed).collect::<Result<Vec<_>>>()?;
        let has_total = has_total(&aggregate.group_expr);
        let input = input.keeping(with_columns && !has_total);
        let carried = input.carried();
        let carried_count = carried.len();
        let groups = carried.into_iter().chain(aggregate.group_expr.iter().cloned()).collect();
        let plan = Aggregate::try_new(Arc::new(input.plan), groups, values)?;
        if !is_numbered_alike(aggregate, &plan, carried_count) {
            return Ok(None);
        }
        let totals = Unnested { plan: LogicalPlan::Aggregate(plan), ..input };
        if has_total { self.with_defaults(aggregate, totals).map(Some) } else { Ok(Some(totals)) }
    }
}

/// Returns the number of the grouping set without columns, of as many columns.
pub(super) fn id_of_total(column_count: usize, data_type: &DataType) -> Result<ScalarValue> {
    let bits = u32::try_from(column_count).unwrap_or(u32::MAX);
    let id = 1_u64.checked_shl(bits).map_or(u64::MAX, |above| above - 1);
    ScalarValue::UInt64(Some(id)).cast_to(data_type)
}

/// Returns whether one of the grouping sets has no columns: it has a row even if there are none.
fn has_total(groups: &[Expr]) -> bool {
    groups.iter().all(|expr| match expr {
        Expr::GroupingSet(GroupingSet::Rollup(_) | GroupingSet::Cube(_)) => true,
        Expr::GroupingSet(GroupingSet::GroupingSets(sets)) => sets.iter().any(Vec::is_empty),
        _ => false,
    })
}

/// Returns whether the grouping sets have the numbers that they had without the outer rows, which
/// those that come twice have not.
fn is_numbered_alike(before: &Aggregate, after: &Aggregate, carried_count: usize) -> bool {
    let id = |aggregate: &Aggregate| {
        let fields = aggregate.schema.fields().iter();
        let mut ids = fields.filter(|field| field.name() == Aggregate::INTERNAL_GROUPING_ID);
        ids.next().map(|field| field.data_type().clone())
    };
    let [Expr::GroupingSet(GroupingSet::GroupingSets(sets))] = after.group_expr.as_slice() else {
        return false;
    };
    let mut seen = HashSet::new();
    let is_unique = sets.iter().all(|set| {
        let mut own: Vec<String> = set.iter().skip(carried_count).map(Expr::to_string).collect();
        own.sort();
        own.dedup();
        seen.insert(own)
    });
    is_unique && id(before) == id(after)
}
