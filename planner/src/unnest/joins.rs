//! Joins inside of a subquery.

use std::sync::Arc;

use datafusion::common::{Column, JoinType, Result};
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::logical_plan::{Subquery, SubqueryAlias};
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Projection};

use super::correlation::{Places, lateral};
use super::domain::{Domain, Unnested, columns};

impl Domain<'_> {
    /// Returns a join over the outer rows: of one side if that is enough, which then knows for both
    /// to which of them a pair belongs.
    pub(super) fn join(&self, join: &Join, below: bool) -> Result<Option<Unnested>> {
        if lateral(&join.right).is_some() {
            return self.lateral_join(join);
        }
        let in_left = self.is_mentioned(&join.left)?;
        let in_right = self.is_mentioned(&join.right)?;
        let (takes_left, takes_right) = match join.join_type {
            JoinType::Inner => (in_left || !in_right, in_right),
            JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => {
                (true, in_right)
            }
            JoinType::Right | JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => {
                (in_left, true)
            }
            JoinType::Full => (true, true),
        };
        let left = if takes_left { self.unnest(&join.left, below)? } else { None };
        let right = if takes_right { self.unnest(&join.right, below)? } else { None };
        if takes_left != left.is_some() || takes_right != right.is_some() {
            return Ok(None);
        }
        let is_right = matches!(
            join.join_type,
            JoinType::Right | JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark
        );
        let known = if is_right {
            right.as_ref().or(left.as_ref())
        } else {
            left.as_ref().or(right.as_ref())
        };
        let Some(known) = known else { return Ok(None) };
        let (row, outer) = (known.row.clone(), known.outer.clone());

        let mut on = Vec::with_capacity(join.on.len() + 1);
        for (left, right) in &join.on {
            on.push((outer.apply(left.clone())?, outer.apply(right.clone())?));
        }
        let filter = join.filter.clone().map(|filter| outer.apply(filter)).transpose()?;
        let rows = left
            .as_ref()
            .zip(right.as_ref())
            .map(|(left, right)| (left.row.clone(), right.row.clone()));
        if let Some((left, right)) = rows.clone() {
            on.push((Expr::Column(left), Expr::Column(right)));
        }
        let places = right.as_ref().map(|right| right.outer.clone());
        let side = |unnested: Option<Unnested>, part: &Arc<LogicalPlan>| {
            unnested.map_or_else(|| Arc::clone(part), |unnested| Arc::new(unnested.plan))
        };
        let joined = like(join, side(left, &join.left), side(right, &join.right), on, filter)?;
        let joined = Unnested { plan: LogicalPlan::Join(joined), row, outer };
        match (join.join_type, rows, places) {
            (JoinType::Full, Some(rows), Some(places)) => {
                self.of_both(join, joined, rows, &places).map(Some)
            }
            _ => Ok(Some(joined)),
        }
    }

    /// Returns a full join with the outer row of whichever side there is.
    fn of_both(
        &self,
        join: &Join,
        joined: Unnested,
        rows: (Column, Column),
        right: &Places,
    ) -> Result<Unnested> {
        let names = self.rows()?;
        let either = |left: Column, right: Column, name: &Column| {
            coalesce(vec![Expr::Column(left), Expr::Column(right)])
                .alias_qualified(name.relation.clone(), &name.name)
        };
        let mut exprs = columns(&join.schema);
        exprs.push(either(rows.0, rows.1, &names.row));
        // A side that does not keep them is below an operator that does not need them.
        let mut outer = Places::default();
        for (column, name) in &names.outer.0 {
            if let (Some(left), Some(right)) = (joined.outer.0.get(column), right.0.get(column)) {
                exprs.push(either(left.clone(), right.clone(), name));
                outer.0.insert(column.clone(), name.clone());
            }
        }
        let plan = Projection::try_new(exprs, Arc::new(joined.plan))?;
        Ok(Unnested { plan: LogicalPlan::Projection(plan), outer, ..names })
    }

    /// Returns a join with a lateral subquery that is left to the query engine: it finds the outer
    /// rows among those it is lateral to.
    fn lateral_join(&self, join: &Join) -> Result<Option<Unnested>> {
        let Some(left) = self.unnest(&join.left, true)? else { return Ok(None) };
        let moved = |subquery: &Subquery| left.outer.apply_to_subquery(subquery.clone());
        let right = match join.right.as_ref() {
            LogicalPlan::Subquery(subquery) => LogicalPlan::Subquery(moved(subquery)?),
            LogicalPlan::SubqueryAlias(alias) => match alias.input.as_ref() {
                LogicalPlan::Subquery(subquery) => {
                    let subquery = LogicalPlan::Subquery(moved(subquery)?);
                    LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(
                        Arc::new(subquery),
                        alias.alias.clone(),
                    )?)
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let filter = join.filter.clone().map(|filter| left.outer.apply(filter)).transpose()?;
        let (plan, on) = (Arc::new(left.plan.clone()), join.on.clone());
        let joined = like(join, plan, Arc::new(right), on, filter)?;
        Ok(Some(Unnested { plan: LogicalPlan::Join(joined), ..left }))
    }
}

/// Returns a join of the kind of another one, of other inputs under other conditions.
pub(super) fn like(
    join: &Join,
    left: Arc<LogicalPlan>,
    right: Arc<LogicalPlan>,
    on: Vec<(Expr, Expr)>,
    filter: Option<Expr>,
) -> Result<Join> {
    let Join { join_type, join_constraint, null_equality, null_aware, .. } = join;
    Join::try_new(
        left,
        right,
        on,
        filter,
        *join_type,
        *join_constraint,
        *null_equality,
        *null_aware,
    )
}
