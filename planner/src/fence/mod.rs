//! What rules of the query engine take for something else is kept from them while they run.
//!
//! - The query engine hands conditions down to scans by the names of their columns. Where both
//!   sides of a join have an `id`, a projection takes the first for the last, and other operators
//!   the last for the first: a condition on the one would leave out rows of the other.
//! - A column with one value in all rows of a side that an outer join fills with NULL, or of the
//!   input of grouping sets, counts as having one value above these as well, so that rows would
//!   not be sorted by it.
//! - An input of a union with two equal columns is not sorted by the second of them, which other
//!   inputs are, so that the union would be refused as one whose inputs have no common order.
//!
//! So an operator stands above such joins, projections, aggregates and unions that lets only
//! conditions on other columns pass, and knows nothing of constants and orders.

mod exec;

use std::collections::HashSet;
use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{JoinType, Result};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::joins::{HashJoinExec, NestedLoopJoinExec, SortMergeJoinExec};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _};

use exec::FenceExec;

/// Puts the operator where it is needed.
#[derive(Debug)]
pub(crate) struct PutFences;

impl PhysicalOptimizerRule for PutFences {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let fenced = plan.transform_up(|node| {
            let makes_names = node.is::<ProjectionExec>() || node.children().len() > 1;
            if makes_names && has_equal_names(&node.schema()) || is_misread(&node) {
                return Ok(Transformed::yes(Arc::new(FenceExec::new(node)) as _));
            }
            Ok(Transformed::no(node))
        })?;
        Ok(fenced.data)
    }

    fn name(&self) -> &'static str {
        "put_fences"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Takes the operator away again where only conditions are kept, which have come to rest.
#[derive(Debug)]
pub(crate) struct TakeFencesAway;

impl PhysicalOptimizerRule for TakeFencesAway {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let bare = plan.transform_up(|node| match node.downcast_ref::<FenceExec>() {
            Some(fence) if !fence.forgets() => Ok(Transformed::yes(Arc::clone(fence.input()))),
            _ => Ok(Transformed::no(node)),
        })?;
        Ok(bare.data)
    }

    fn name(&self) -> &'static str {
        "take_fences_away"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns whether rules draw wrong conclusions from what a node says of its rows.
fn is_misread(node: &Arc<dyn ExecutionPlan>) -> bool {
    has_false_constants(node) || unites_equal_columns(node)
}

/// Returns whether a node is a union, and columns of one of its inputs are equal in all rows.
fn unites_equal_columns(node: &Arc<dyn ExecutionPlan>) -> bool {
    let has_equal_columns = |input: &&Arc<dyn ExecutionPlan>| {
        let mut classes = input.equivalence_properties().eq_group().iter();
        classes.any(|class| class.iter().filter(|expr| expr.is::<Column>()).count() > 1)
    };
    node.is::<UnionExec>() && node.children().iter().any(has_equal_columns)
}

/// Returns whether a node may say that columns have one value in all rows that are NULL in some.
/// Joins say so of their left sides, and sides may change places.
fn has_false_constants(node: &Arc<dyn ExecutionPlan>) -> bool {
    let has_constants =
        |input: &&Arc<dyn ExecutionPlan>| !input.equivalence_properties().constants().is_empty();
    makes_nulls(node) && node.children().iter().any(has_constants)
}

/// Returns whether a node puts NULL in the place of values of its inputs.
fn makes_nulls(node: &Arc<dyn ExecutionPlan>) -> bool {
    let join_type = if let Some(aggregate) = node.downcast_ref::<AggregateExec>() {
        return !aggregate.group_expr().is_single();
    } else if let Some(join) = node.downcast_ref::<HashJoinExec>() {
        *join.join_type()
    } else if let Some(join) = node.downcast_ref::<NestedLoopJoinExec>() {
        *join.join_type()
    } else if let Some(join) = node.downcast_ref::<SortMergeJoinExec>() {
        join.join_type()
    } else {
        return false;
    };
    matches!(join_type, JoinType::Left | JoinType::Right | JoinType::Full)
}

fn has_equal_names(schema: &Schema) -> bool {
    single_names(schema).len() < schema.fields().len()
}

/// Returns the places of the columns whose names no other column has.
fn single_names(schema: &Schema) -> HashSet<usize> {
    let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
    for field in schema.fields() {
        if !seen.insert(field.name()) {
            repeated.insert(field.name());
        }
    }
    let fields = schema.fields().iter().enumerate();
    fields.filter(|(_, field)| !repeated.contains(field.name())).map(|(place, _)| place).collect()
}
