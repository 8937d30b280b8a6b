//! Conditions on columns whose names are not alone, kept where they are.
//!
//! The query engine hands conditions down to scans by the names of their columns. Where both sides
//! of a join have an `id`, a projection takes the first for the last, and other operators the last
//! for the first: a condition on the one left out rows of the other. So while conditions are
//! handed down, an operator that lets only those of other columns pass stands above such joins and
//! projections.

mod exec;

use std::collections::HashSet;
use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;

use exec::EqualNamesExec;

/// Puts the operator above joins and projections that have columns of equal names.
#[derive(Debug)]
pub(crate) struct KeepConditions;

impl PhysicalOptimizerRule for KeepConditions {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let kept = plan.transform_up(|node| {
            let makes_names = node.is::<ProjectionExec>() || node.children().len() > 1;
            if !makes_names || single_names(&node.schema()).len() == node.schema().fields().len() {
                return Ok(Transformed::no(node));
            }
            Ok(Transformed::yes(Arc::new(EqualNamesExec::new(node)) as _))
        })?;
        Ok(kept.data)
    }

    fn name(&self) -> &'static str {
        "keep_conditions"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Takes the operator away again.
#[derive(Debug)]
pub(crate) struct LetConditionsBe;

impl PhysicalOptimizerRule for LetConditionsBe {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let bare = plan.transform_up(|node| match node.downcast_ref::<EqualNamesExec>() {
            Some(kept) => Ok(Transformed::yes(Arc::clone(kept.input()))),
            None => Ok(Transformed::no(node)),
        })?;
        Ok(bare.data)
    }

    fn name(&self) -> &'static str {
        "let_conditions_be"
    }

    fn schema_check(&self) -> bool {
        true
    }
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
