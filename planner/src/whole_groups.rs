//! The rule that hands rows to the thread of their group before they are collected.
//!
//! An aggregate in two steps pays off where the first leaves little for the second. One that
//! collects its rows leaves all of them: lists are made of them for each thread, handed over, taken
//! apart and made again.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_expr::Partitioning;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode, PhysicalGroupBy};
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::{ExecutionPlan, InputOrderMode};

/// Lets aggregates that collect their rows by groups do so in one step.
///
/// It belongs behind the rule that brings group-joins into a plan, which take the first of two.
#[derive(Debug, Default)]
pub(crate) struct CollectWholeGroups;

impl PhysicalOptimizerRule for CollectWholeGroups {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let collected = plan.transform_up(|node| {
            let whole = node.downcast_ref::<AggregateExec>().map(in_one_step).transpose()?;
            Ok(match whole.flatten() {
                Some(whole) if whole.schema() == node.schema() => Transformed::yes(whole),
                _ => Transformed::no(node),
            })
        })?;
        Ok(collected.data)
    }

    fn name(&self) -> &'static str {
        "collect_whole_groups"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns the last of two steps of an aggregate as the only one, if that is less work.
fn in_one_step(last: &AggregateExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    if *last.mode() != AggregateMode::FinalPartitioned || last.limit_options().is_some() {
        return Ok(None);
    }
    let Some(handover) = last.input().downcast_ref::<RepartitionExec>() else { return Ok(None) };
    let Partitioning::Hash(_, count) = handover.partitioning() else { return Ok(None) };
    let Some(first) = handover.input().downcast_ref::<AggregateExec>() else { return Ok(None) };
    if handover.preserve_order() || !collects_rows(first)? {
        return Ok(None);
    }
    let (keyed, by) = with_keys(first)?;
    let schema = keyed.schema();
    let rows = RepartitionExec::try_new(keyed, Partitioning::Hash(by.input_exprs(), *count))?;
    let (functions, filters) = (first.aggr_expr().to_vec(), first.filter_expr().to_vec());
    let mode = AggregateMode::SinglePartitioned;
    let whole = AggregateExec::try_new(mode, by, functions, filters, Arc::new(rows), schema)?;
    Ok(Some(Arc::new(whole)))
}

/// Returns the input of an aggregate with what it groups by in columns, behind its own: the rows
/// are handed over by it and grouped by it, but it is computed once.
fn with_keys(first: &AggregateExec) -> Result<(Arc<dyn ExecutionPlan>, PhysicalGroupBy)> {
    let fields = first.input().schema();
    let mut columns: Vec<ProjectionExpr> = (0..fields.fields().len())
        .map(|index| {
            let name = fields.field(index).name();
            ProjectionExpr::new(Arc::new(Column::new(name, index)), name)
        })
        .collect();
    let mut keys = Vec::new();
    for (expr, name) in first.group_expr().expr() {
        if expr.is::<Column>() {
            keys.push((Arc::clone(expr), name.clone()));
            continue;
        }
        keys.push((Arc::new(Column::new(name, columns.len())) as _, name.clone()));
        columns.push(ProjectionExpr::new(Arc::clone(expr), name));
    }
    let by = PhysicalGroupBy::new_single(keys);
    if columns.len() == fields.fields().len() {
        return Ok((Arc::clone(first.input()), by));
    }
    Ok((Arc::new(ProjectionExec::try_new(columns, Arc::clone(first.input()))?), by))
}

/// Returns whether the first step of an aggregate puts out every row that it reads.
fn collects_rows(first: &AggregateExec) -> Result<bool> {
    let is_plain = *first.mode() == AggregateMode::Partial
        && first.limit_options().is_none()
        && first.group_expr().is_single()
        && *first.input_order_mode() == InputOrderMode::Linear
        && first.aggr_expr().iter().all(|call| call.order_bys().is_empty());
    if !is_plain {
        return Ok(false);
    }
    let mut collecting = first.aggr_expr().iter().map(|call| keeps_rows(call));
    collecting.try_fold(false, |any, keeps| Ok(any || keeps?))
}

/// Returns whether the state of an aggregate function is nothing but a list of its rows.
fn keeps_rows(call: &AggregateFunctionExpr) -> Result<bool> {
    let state = call.state_fields()?;
    let is_list = |state: &[_]| matches!(state, [DataType::List(_) | DataType::LargeList(_)]);
    let types: Vec<_> = state.iter().map(|field| field.data_type().clone()).collect();
    Ok(!call.is_distinct() && is_list(&types))
}

#[cfg(test)]
mod tests {
    use arrow::util::pretty::pretty_format_batches;
    use datafusion::execution::SessionStateBuilder;
    use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
    use datafusion::physical_plan::{collect, displayable};
    use datafusion::prelude::{SessionConfig, SessionContext};

    use super::*;
    use crate::physical_optimizer_rules;

    fn session(rules: Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>>) -> SessionContext {
        let config = SessionConfig::new().with_batch_size(64).with_target_partitions(3);
        let state = SessionStateBuilder::new().with_config(config).with_default_features();
        SessionContext::new_with_state(state.with_physical_optimizer_rules(rules).build())
    }

    async fn run(context: &SessionContext, sql: &str) -> (String, String) {
        let query = context.sql(sql).await.expect("a query");
        let plan = query.create_physical_plan();
        let plan = plan.await.expect("a plan");
        let text = displayable(plan.as_ref()).indent(true).to_string();
        let rows = collect(plan, context.task_ctx()).await.expect("rows");
        (text, pretty_format_batches(&rows).expect("text").to_string())
    }

    const ROWS: &str = "(SELECT value AS n, value % 700 AS k FROM generate_series(1, 5000))";

    #[tokio::test]
    async fn collected_rows_are_handed_over_once() {
        let own = session(physical_optimizer_rules());
        let plain = session(PhysicalOptimizer::new().rules);
        for (calls, in_one_step) in [
            ("array_sort(array_agg(n))", true),
            ("count(*), median(n), max(n) FILTER (WHERE n > 50)", true),
            ("array_sort(array_agg(n) FILTER (WHERE n % 3 = 0)), sum(n)", true),
            ("array_sort(array_agg(DISTINCT n)), count(DISTINCT k)", false),
            ("array_agg(n ORDER BY n)", false),
            ("count(*), sum(n)", false),
        ] {
            let sql =
                format!("SELECT k % 350 AS key, {calls} FROM {ROWS} GROUP BY key ORDER BY key");
            let (plan, rows) = run(&own, &sql).await;
            assert_eq!(plan.contains("SinglePartitioned"), in_one_step, "{plan}");
            assert_eq!(rows, run(&plain, &sql).await.1, "{calls}");
        }
    }
}
