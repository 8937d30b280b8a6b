//! What tells the collected side of a join apart from others.

use std::sync::Arc;

use arrow::compute::SortOptions;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;

use super::content::{Content, MannerOf};
use super::lasting::lasts;
use super::surface::Surface;

/// What tells a collected side apart from others; joins of equal ones can share their rows.
#[derive(Debug, PartialEq)]
pub(crate) struct Identity {
    content: Content,
    /// The geometry and what else the rows are looked up by, over the columns of the files.
    values: Vec<Arc<dyn PhysicalExpr>>,
    form: Form,
}

/// How the rows are made ready to be looked up.
#[derive(Debug, PartialEq)]
pub(crate) enum Form {
    /// By their boxes and keys. Arcs and surfaces are brought to boxes, or to simple features.
    Joined { surface: Surface, is_of_boxes: bool },
    /// By their distance, and in an order that decides between equal ones.
    Nearest { surface: Surface, orders: Vec<SortOptions> },
}

impl Identity {
    /// Returns what tells the rows of a plan apart; nothing if others cannot be the same.
    pub(crate) fn of<'a>(
        plan: &Arc<dyn ExecutionPlan>,
        values: impl Iterator<Item = &'a Arc<dyn PhysicalExpr>>,
        form: Form,
        manner_of: MannerOf,
    ) -> Option<Self> {
        let content = Content::of(plan, manner_of)?;
        let values = values.map(|value| content.value(value)).collect::<Option<_>>()?;
        Some(Self { content, values, form })
    }

    /// Returns whether sides of later queries that are equal have the same rows.
    pub(super) fn lasts(&self) -> bool {
        self.content.lasts() && self.values.iter().all(lasts)
    }

    /// Returns about how many bytes are taken to tell the side apart.
    pub(super) fn memory_size(&self) -> usize {
        self.content.memory_size()
    }
}
