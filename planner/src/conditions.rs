//! Conditions that stay where they are written.
//!
//! The query engine moves a condition below an operator when all its columns are there below as
//! well, which a condition without columns always fulfils. But an aggregate of all rows makes a row
//! of none, so that `HAVING false` would give that row; and a node that only this crate knows may
//! be one of two that must have the same rows. A condition on a random number is another one for
//! every row it is asked for, so it stays above what makes other rows.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Aggregate, Expr, Filter, Join, LogicalPlan};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

type Rule = Arc<dyn OptimizerRule + Send + Sync>;

/// The rule of the query engine that moves conditions.
const PUSH_DOWN: &str = "push_down_filter";

/// Returns a rule of the query engine; in the place of the one that moves conditions one that
/// leaves to it only those it may move.
pub(crate) fn with_staying_conditions(rule: Rule) -> Rule {
    if rule.name() == PUSH_DOWN { Arc::new(PushDownConditions { rule }) } else { rule }
}

/// Moves conditions towards the tables.
#[derive(Debug)]
struct PushDownConditions {
    /// The rule of the query engine.
    rule: Rule,
}

impl OptimizerRule for PushDownConditions {
    fn name(&self) -> &'static str {
        PUSH_DOWN
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.rule.apply_order()
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        match plan {
            LogicalPlan::Filter(filter) => self.push_down(filter, config),
            LogicalPlan::Join(join) => self.push_out_of(join, config),
            other => self.rule.rewrite(other, config),
        }
    }
}

impl PushDownConditions {
    /// Moves the conditions of a filter.
    ///
    /// The rule of the query engine sees filters with one node below them only: between two filters
    /// it would go on by itself.
    fn push_down(
        &self,
        filter: Filter,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let (conditions, input, is_merged) = merged(filter);
        let (staying, moving): (Vec<Expr>, Vec<Expr>) =
            conditions.into_iter().partition(|condition| stays_above(condition, &input));
        let Some(moving) = conjunction(moving) else {
            let plan = above(Arc::unwrap_or_clone(input), staying)?;
            return Ok(Transformed::new_transformed(plan, is_merged));
        };
        let filter = LogicalPlan::Filter(Filter::try_new(moving, input)?);
        let mut moved = self.rule.rewrite(filter, config)?;
        moved.transformed |= is_merged;
        moved.map_data(|plan| above(plan, staying))
    }

    /// Moves conditions of a join into its inputs.
    fn push_out_of(
        &self,
        mut join: Join,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let conditions = join.filter.take().map_or_else(Vec::new, split_conjunction_owned);
        let (staying, moving): (Vec<Expr>, Vec<Expr>) =
            conditions.into_iter().partition(Expr::is_volatile);
        join.filter = conjunction(moving);
        let moved = self.rule.rewrite(LogicalPlan::Join(join), config)?;
        if staying.is_empty() {
            return Ok(moved);
        }
        moved.map_data(|plan| {
            let LogicalPlan::Join(mut join) = plan else {
                return internal_err!("a join stays a join when its conditions move");
            };
            join.filter = conjunction(join.filter.take().into_iter().chain(staying));
            Ok(LogicalPlan::Join(join))
        })
    }
}

/// Returns whether a condition must not move below a node.
fn stays_above(condition: &Expr, node: &LogicalPlan) -> bool {
    match node {
        LogicalPlan::Aggregate(aggregate) => {
            condition.is_volatile()
                || (makes_row_of_nothing(aggregate) && !condition.any_column_refs())
        }
        LogicalPlan::Extension(_) => condition.is_volatile() || !condition.any_column_refs(),
        LogicalPlan::Distinct(_)
        | LogicalPlan::Join(_)
        | LogicalPlan::Unnest(_)
        | LogicalPlan::Window(_) => condition.is_volatile(),
        _ => false,
    }
}

/// Returns whether an aggregate may have a row though its input has none.
fn makes_row_of_nothing(aggregate: &Aggregate) -> bool {
    let is_set = |key: &Expr| matches!(key, Expr::GroupingSet(_));
    aggregate.group_expr.is_empty() || aggregate.group_expr.iter().any(is_set)
}

/// Returns the conditions of a filter and of those right below it, lowest first, what is below
/// these, and whether there was more than one filter.
fn merged(filter: Filter) -> (Vec<Expr>, Arc<LogicalPlan>, bool) {
    let mut conditions = split_conjunction_owned(filter.predicate);
    let mut input = filter.input;
    let mut is_merged = false;
    while let LogicalPlan::Filter(below) = input.as_ref() {
        let mut lower = split_conjunction_owned(below.predicate.clone());
        conditions.retain(|condition| !lower.contains(condition));
        lower.append(&mut conditions);
        conditions = lower;
        input = Arc::clone(&below.input);
        is_merged = true;
    }
    (conditions, input, is_merged)
}

/// Returns a plan with conditions above it, after those that are there already.
fn above(plan: LogicalPlan, conditions: Vec<Expr>) -> Result<LogicalPlan> {
    let Some(condition) = conjunction(conditions) else { return Ok(plan) };
    let (condition, input) = match plan {
        LogicalPlan::Filter(filter) => (filter.predicate.and(condition), filter.input),
        plan => (condition, Arc::new(plan)),
    };
    Ok(LogicalPlan::Filter(Filter::try_new(condition, input)?))
}
