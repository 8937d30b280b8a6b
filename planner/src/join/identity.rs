//! What tells the left side of a join apart from others.

use std::sync::Arc;

use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use godwit_geometry::Relation;

use super::content::{Content, MannerOf};
use super::definition::Definition;
use super::lasting::lasts;
use super::predicate::Distance;
use super::surface::Surface;

/// What tells the left side of a join apart from others; joins of equal ones can share their rows.
#[derive(Debug, PartialEq)]
pub(super) struct Identity {
    content: Content,
    /// The geometry and the keys, over the columns of the files.
    values: Vec<Arc<dyn PhysicalExpr>>,
    surface: Surface,
    /// Whether arcs and surfaces are brought to boxes rather than to simple features.
    is_of_boxes: bool,
}

impl Identity {
    /// Returns what tells a left side apart; nothing if others cannot be the same.
    pub(super) fn of(
        left: &Arc<dyn ExecutionPlan>,
        definition: &Definition,
        manner_of: MannerOf,
    ) -> Option<Self> {
        let predicate = &definition.predicate;
        // Boxes that have grown serve no other distances.
        if matches!(predicate.distance, Distance::Left(_)) {
            return None;
        }
        let content = Content::of(left, manner_of)?;
        let values = std::iter::once(&predicate.left).chain(definition.keys.left());
        let values = values.map(|value| content.value(value)).collect::<Option<_>>()?;
        let is_of_boxes = predicate.relation == Relation::BoundsIntersect;
        Some(Self { content, values, surface: predicate.surface, is_of_boxes })
    }

    /// Returns whether left sides of later queries that are equal have the same rows.
    pub(super) fn lasts(&self) -> bool {
        self.content.lasts() && self.values.iter().all(lasts)
    }

    /// Returns about how many bytes are taken to tell the left side apart.
    pub(super) fn memory_size(&self) -> usize {
        self.content.memory_size()
    }
}
