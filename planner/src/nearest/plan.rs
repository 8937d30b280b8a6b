//! From a nearest join in a logical plan to the operator.

use std::sync::Arc;

use arrow::compute::SortOptions;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::{DataFusionError, Result, internal_err, plan_err};
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::{PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use godwit_geometry::geodesic::Figure;
use godwit_geometry::{Edges, GeometryType};

use super::exec::{NearestJoinExec, Search};
use super::node::NearestJoin;
use crate::join::Surface;

/// Makes operators of nearest joins.
pub(crate) struct PlanNearestJoin;

#[async_trait]
impl ExtensionPlanner for PlanNearestJoin {
    async fn plan_extension(
        &self,
        planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        session: &dyn Session,
        context: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(node) = node.as_any().downcast_ref::<NearestJoin>() else { return Ok(None) };
        let ([left_plan, right_plan], [left, right]) = (logical_inputs, physical_inputs) else {
            return internal_err!("a nearest join has two inputs");
        };
        let physical = |expr, plan: &LogicalPlan| {
            planner.create_physical_expr(expr, plan.schema(), session, context)
        };
        let terms = &node.terms;
        let mut ties = Vec::with_capacity(terms.ties.len());
        for tie in &terms.ties {
            let options = SortOptions { descending: !tie.asc, nulls_first: tie.nulls_first };
            ties.push(PhysicalSortExpr { expr: physical(&tie.expr, right_plan)?, options });
        }
        let query = physical(&terms.query, left_plan)?;
        let object = physical(&terms.object, right_plan)?;
        let search = Search {
            surface: surface([&query, &object], [left, right], terms.figure)?,
            query,
            object,
            count: terms.count,
            ties,
            is_outer: terms.is_outer,
            takes_unplaced: terms.takes_unplaced,
        };
        let join = NearestJoinExec::new(Arc::clone(left), Arc::clone(right), search);
        Ok(Some(Arc::new(join)))
    }
}

/// Returns what the geometries of both sides lie on.
fn surface(
    [query, object]: [&Arc<dyn PhysicalExpr>; 2],
    [left, right]: [&Arc<dyn ExecutionPlan>; 2],
    figure: Figure,
) -> Result<Surface> {
    let is_geography = |geometry: &Arc<dyn PhysicalExpr>, input: &Arc<dyn ExecutionPlan>| {
        let field = geometry.return_field(&input.schema())?;
        let found = GeometryType::from_field(&field).ok().flatten();
        Ok::<_, DataFusionError>(found.is_some_and(|found| found.edges == Edges::Spherical))
    };
    match (is_geography(query, left)?, is_geography(object, right)?) {
        (false, false) => Ok(Surface::Plane),
        (true, true) => Ok(Surface::Earth(figure)),
        _ => plan_err!(
            "the nearest of geographies and of geometries cannot be told; cast one side with ::geography or ::geometry"
        ),
    }
}
