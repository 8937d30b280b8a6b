//! The filter that a join offers to the plan of its other side.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{DynamicFilterPhysicalExpr, lit};
use datafusion::physical_plan::filter_pushdown::{
    ChildFilterPushdownResult, ChildPushdownResult, FilterPushdownPhase, PushedDown,
};
use datafusion::physical_plan::{ChildrenPropertiesMode, ExecutionPlan, ReplaceChildrenOptions};
use godwit_geometry::Bounds;
use godwit_geometry::filter::Boxes;

use super::meets_boxes::meets_boxes;

/// The boxes that geometries of the probe side have to meet, once they are known.
///
/// It is only for joins in which a row of the probe side without a match is not part of the
/// result.
#[derive(Debug, Clone)]
pub struct ProbeBounds {
    filter: Arc<DynamicFilterPhysicalExpr>,
    geometry: Arc<dyn PhysicalExpr>,
}

impl ProbeBounds {
    /// Offers a filter on a geometry to the plan that makes it; nothing comes back when no scan
    /// takes it.
    pub fn offer(
        probe: &Arc<dyn ExecutionPlan>,
        geometry: &Arc<dyn PhysicalExpr>,
        config: &ConfigOptions,
    ) -> Result<Option<(Arc<dyn ExecutionPlan>, Self)>> {
        let children = vec![Arc::clone(geometry)];
        let filter = Arc::new(DynamicFilterPhysicalExpr::new(children, lit(true)));
        let offered = Arc::clone(&filter) as Arc<dyn PhysicalExpr>;
        let plan = push(probe, offered, config)?;
        Ok(plan.map(|plan| (plan, Self { filter, geometry: Arc::clone(geometry) })))
    }

    /// Tells the scan which boxes its geometries have to meet. Without boxes no row is needed.
    pub fn publish(&self, boxes: Vec<Bounds>) -> Result<()> {
        self.filter.update(meets_boxes(Arc::clone(&self.geometry), &Boxes::new(boxes)))?;
        self.filter.mark_complete();
        Ok(())
    }
}

/// Pushes a filter down to the scans below a plan; nothing comes back when none of them takes it.
fn push(
    plan: &Arc<dyn ExecutionPlan>,
    filter: Arc<dyn PhysicalExpr>,
    config: &ConfigOptions,
) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let phase = FilterPushdownPhase::Post;
    if plan.fetch().is_some() {
        // Other rows would be the first ones.
        return Ok(None);
    }
    let children = plan.children();
    if children.is_empty() {
        let answers = ChildFilterPushdownResult { filter, child_results: Vec::new() };
        let answers =
            ChildPushdownResult { parent_filters: vec![answers], self_filters: Vec::new() };
        return Ok(plan.handle_child_pushdown_result(phase, answers, config)?.updated_node);
    }
    let offers = plan.gather_filters_for_pushdown(phase, vec![filter], config)?.parent_filters();
    let mut is_taken = false;
    let mut replaced = Vec::with_capacity(children.len());
    for (child, offers) in children.into_iter().zip(offers) {
        let offered =
            offers.into_iter().find(|offer| matches!(offer.discriminant, PushedDown::Yes));
        let pushed = match offered {
            Some(offer) => push(child, offer.predicate, config)?,
            None => None,
        };
        is_taken |= pushed.is_some();
        replaced.push(pushed.unwrap_or_else(|| Arc::clone(child)));
    }
    if !is_taken {
        return Ok(None);
    }
    let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
    Arc::clone(plan).replace_children(replaced, options).map(Some)
}
