//! From logical plans to operators.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::Result;
use datafusion::execution::context::QueryPlanner;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{DefaultPhysicalPlanner, PhysicalPlanner as _};

use crate::nearest::PlanNearestJoin;
use crate::spool::PlanSpool;

/// Plans queries as the query engine does, and the nodes of this crate.
#[derive(Debug, Default)]
pub struct PlanQueries;

#[async_trait]
impl QueryPlanner for PlanQueries {
    async fn create_physical_plan(
        &self,
        plan: &LogicalPlan,
        session: &dyn Session,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        DefaultPhysicalPlanner::with_extension_planners(vec![
            Arc::new(PlanNearestJoin),
            Arc::new(PlanSpool),
        ])
        .create_physical_plan(plan, session)
        .await
    }
}
