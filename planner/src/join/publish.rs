//! What the collected side of a join says about the side that is streamed.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::{JoinType, Result};
use datafusion::physical_plan::ExecutionPlan as _;
use godwit_geometry::{Bounds, Reach};

use super::build::BuildRows;
use super::exec::SpatialJoinExec;
use super::predicate::Distance;
use super::surface::Surface;
use crate::ProbeBounds;

/// The most boxes that are told to the scan of the streamed side.
const BOXES: usize = 1024;

/// Returns the join with the boxes of its left side offered to the scan of its right side, if rows
/// of the right side without a match are not part of the result and a scan takes the boxes.
pub(super) fn offer_bounds(
    join: &SpatialJoinExec,
    config: &ConfigOptions,
) -> Result<Option<SpatialJoinExec>> {
    // Boxes of longitudes and latitudes say something else than those of a scan.
    let is_planar = join.predicate().surface == Surface::Plane;
    if !is_planar
        || !needs_matches(join.join_type())
        || !config.optimizer.enable_join_dynamic_filter_pushdown
    {
        return Ok(None);
    }
    let [left, right] = join.children()[..] else { return Ok(None) };
    let geometry = &join.predicate().right;
    let Some((right, bounds)) = ProbeBounds::offer(right, geometry, config)? else {
        return Ok(None);
    };
    join.with_bounds(Arc::clone(left), right, bounds)
}

fn needs_matches(join_type: JoinType) -> bool {
    matches!(
        join_type,
        JoinType::Inner
            | JoinType::Left
            | JoinType::LeftSemi
            | JoinType::LeftAnti
            | JoinType::LeftMark
            | JoinType::RightSemi
    )
}

/// Tells the scan of the right side which boxes its geometries have to meet.
pub(super) fn publish(bounds: &ProbeBounds, build: &BuildRows, distance: &Distance) -> Result<()> {
    let distance = match distance {
        Distance::Constant(distance) => *distance,
        // The boxes have grown already.
        Distance::Left(_) => 0.0,
        // Each row of the right side reaches as far as it says.
        Distance::Right(_) => return Ok(()),
    };
    // Empty geometries meet no box but equal each other.
    if !build.empty_rows().is_empty() {
        return Ok(());
    }
    let boxes = build.lookup().boxes(BOXES);
    let boxes: Option<Vec<Bounds>> = boxes.iter().map(|bounds| near(bounds, distance)).collect();
    match boxes {
        Some(boxes) => bounds.publish(boxes),
        None => Ok(()),
    }
}

/// Returns the box grown by a distance, unless one of its sides is no number then.
fn near(bounds: &Bounds, distance: f64) -> Option<Bounds> {
    let reach = Reach::near(bounds, distance)?;
    let Reach { xmin_at_most, ymin_at_most, xmax_at_least, ymax_at_least } = reach;
    let grown = Bounds::new(xmax_at_least, ymax_at_least, xmin_at_most, ymin_at_most);
    (!grown.is_nothing()).then_some(grown)
}
