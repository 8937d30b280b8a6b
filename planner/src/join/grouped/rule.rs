//! The rule that brings group-joins into a plan.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};

use super::super::sides::without_spreading;
use super::SpatialGroupJoinExec;

/// Lets spatial joins aggregate the rows of their right side by those of their left side.
///
/// An aggregate in one step becomes one in two, of which the join does the first. The rule belongs
/// behind the one that makes spatial joins.
#[derive(Debug, Default)]
pub(crate) struct UseSpatialGroupJoin;

impl PhysicalOptimizerRule for UseSpatialGroupJoin {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let grouped = plan.transform_up(|node| {
            let grouped = match node.downcast_ref::<AggregateExec>() {
                Some(aggregate) => group_join(aggregate)?,
                None => None,
            };
            Ok(match grouped {
                Some(grouped) if grouped.schema() == node.schema() => Transformed::yes(grouped),
                _ => Transformed::no(node),
            })
        })?;
        Ok(grouped.data)
    }

    fn name(&self) -> &'static str {
        "use_spatial_group_join"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn group_join(aggregate: &AggregateExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let last = match aggregate.mode() {
        AggregateMode::Partial if aggregate.limit_options().is_none() => None,
        AggregateMode::Single => Some(AggregateMode::Final),
        AggregateMode::SinglePartitioned => Some(AggregateMode::FinalPartitioned),
        _ => return Ok(None),
    };
    let step = |mode, by, input| {
        let (functions, filters) = (aggregate.aggr_expr(), aggregate.filter_expr());
        let schema = aggregate.input_schema();
        AggregateExec::try_new(mode, by, functions.to_vec(), filters.to_vec(), input, schema)
    };
    let by = aggregate.group_expr();
    // What would be handed to other threads are the pairs, of which nothing comes out.
    let pairs = without_spreading(aggregate.input())?;
    let first = step(AggregateMode::Partial, by.clone(), pairs)?;
    let Some(grouped) = SpatialGroupJoinExec::from_aggregate(&first)? else { return Ok(None) };
    let grouped = Arc::new(grouped);
    let Some(last) = last else { return Ok(Some(grouped)) };
    let last = step(last, by.as_final(), grouped)?;
    Ok(Some(Arc::new(last.with_limit_options(aggregate.limit_options()))))
}
