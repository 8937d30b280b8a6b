//! From a spool in a logical plan to the operator.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};

use super::{Spool, SpoolExec};

/// Makes operators of spools.
pub(crate) struct PlanSpool;

#[async_trait]
impl ExtensionPlanner for PlanSpool {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        _session: &dyn Session,
        _context: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(node) = node.as_any().downcast_ref::<Spool>() else { return Ok(None) };
        let [input] = physical_inputs else { return internal_err!("a spool has one input") };
        Ok(Some(Arc::new(SpoolExec::new(node.name.clone(), Arc::clone(input)))))
    }
}
