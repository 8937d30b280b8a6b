//! Columns with conditions in them that keep what can fail from rows it fails for:
//! `SELECT a = 0 OR 5 / a > 1`.
//!
//! This comes before columns are handed down to what reads files.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};

use super::alternatives::{Asked, guarded};
use super::replaced;

/// Evaluates what can fail in columns behind the conditions that are written before it.
#[derive(Debug)]
pub(crate) struct ProjectInOrder;

impl PhysicalOptimizerRule for ProjectInOrder {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        replaced(plan, with_guards)
    }

    fn name(&self) -> &'static str {
        "project_in_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns a projection whose conditions ask what can fail where they must, if there are such.
fn with_guards(projection: &ProjectionExec) -> Result<Option<ProjectionExec>> {
    let schema = projection.input().schema();
    let mut has_changed = false;
    let mut exprs = Vec::with_capacity(projection.expr().len());
    for column in projection.expr() {
        let inner = guarded(&column.expr, Asked::Value(0), &schema)?;
        has_changed |= inner.is_some();
        let expr = inner.unwrap_or_else(|| Arc::clone(&column.expr));
        exprs.push(ProjectionExpr { expr, alias: column.alias.clone() });
    }
    if !has_changed {
        return Ok(None);
    }
    let input = Arc::clone(projection.input());
    let known = projection.schema();
    let changed = ProjectionExec::try_new_with_schema_metadata(exprs, input, &known)?;
    Ok((changed.schema() == known).then_some(changed))
}
