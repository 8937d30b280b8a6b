//! Groups that `HAVING count(*) > n` drops: an aggregate that keeps its rows need not make a value
//! of those.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, Result, ScalarValue};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Aggregate, BinaryExpr, Expr, LogicalPlan, Operator};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// Tells aggregates how many rows at least the groups have that a condition on `count(*)` keeps.
#[derive(Debug)]
pub(crate) struct TellFewestRows;

impl OptimizerRule for TellFewestRows {
    fn name(&self) -> &'static str {
        "tell_fewest_rows"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Filter(mut filter) = plan else { return Ok(Transformed::no(plan)) };
        let told = match filter.input.as_ref() {
            LogicalPlan::Aggregate(aggregate) => fewest_rows(&filter.predicate, aggregate)
                .map(|fewest| tell(aggregate, fewest))
                .transpose()?
                .flatten(),
            _ => None,
        };
        let has_changed = told.is_some();
        if let Some(told) = told {
            filter.input = Arc::new(LogicalPlan::Aggregate(told));
        }
        Ok(Transformed::new_transformed(LogicalPlan::Filter(filter), has_changed))
    }
}

/// Returns the number of rows that the groups have at least for which a condition holds.
fn fewest_rows(condition: &Expr, aggregate: &Aggregate) -> Option<usize> {
    let fewest = split_conjunction(condition).into_iter().filter_map(|condition| {
        let Expr::BinaryExpr(BinaryExpr { left, op, right }) = condition else { return None };
        let (column, op, bound) = match (left.as_ref(), right.as_ref()) {
            (Expr::Column(column), Expr::Literal(bound, _)) => (column, *op, bound),
            (Expr::Literal(bound, _), Expr::Column(column)) => (column, op.swap()?, bound),
            _ => return None,
        };
        let ScalarValue::Int64(Some(bound)) = bound else { return None };
        let fewest = match op {
            Operator::Gt => bound.checked_add(1)?,
            Operator::GtEq | Operator::Eq => *bound,
            _ => return None,
        };
        usize::try_from(fewest).ok().filter(|_| counts_rows(column, aggregate))
    });
    fewest.max()
}

/// Returns whether a column of an aggregate is how many rows a group has.
fn counts_rows(column: &Column, aggregate: &Aggregate) -> bool {
    let Some(place) = aggregate.schema.maybe_index_of_column(column) else { return false };
    let key_count = aggregate.schema.fields().len().saturating_sub(aggregate.aggr_expr.len());
    let call = place.checked_sub(key_count).and_then(|place| aggregate.aggr_expr.get(place));
    let Some(Expr::AggregateFunction(call)) = call else { return false };
    let is_literal = |argument: &Expr| matches!(argument, Expr::Literal(of, _) if !of.is_null());
    call.func.name() == "count" && is_of_all_rows(call) && call.params.args.iter().all(is_literal)
}

/// Returns whether an aggregate is of each row of its group once.
fn is_of_all_rows(call: &AggregateFunction) -> bool {
    !call.params.distinct && call.params.filter.is_none()
}

/// Returns an aggregate whose calls know how many rows groups have at least, if that helps any.
fn tell(aggregate: &Aggregate, fewest_rows: usize) -> Result<Option<Aggregate>> {
    let mut has_changed = false;
    let calls = aggregate.aggr_expr.iter().map(|expr| {
        let Expr::AggregateFunction(call) = expr else { return expr.clone() };
        let told = Some(call).filter(|call| is_of_all_rows(call));
        let told = told.and_then(|call| godwit_udfs::for_groups_of(&call.func, fewest_rows));
        let Some(told) = told else { return expr.clone() };
        has_changed = true;
        Expr::AggregateFunction(AggregateFunction {
            func: told.into(),
            params: call.params.clone(),
        })
    });
    let calls = calls.collect();
    if !has_changed {
        return Ok(None);
    }
    let (input, keys) = (Arc::clone(&aggregate.input), aggregate.group_expr.clone());
    Aggregate::try_new_with_schema(input, keys, calls, Arc::clone(&aggregate.schema)).map(Some)
}
