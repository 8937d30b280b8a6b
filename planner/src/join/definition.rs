//! What a spatial join computes, shared by all its partitions.

use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::physical_expr::PhysicalExpr;

use super::gather::Gather;
use super::predicate::SpatialPredicate;

/// What a spatial join computes, shared by all its partitions.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) join_type: JoinType,
    pub(super) predicate: SpatialPredicate,
    /// What the condition asks for beside the spatial relation.
    pub(super) residual: Option<Residual>,
    /// How the rows of the result are put together.
    pub(super) output: Gather,
}

/// A condition on pairs of rows and how the columns for it are put together.
#[derive(Debug)]
pub(super) struct Residual {
    pub(super) gather: Gather,
    pub(super) expression: Arc<dyn PhysicalExpr>,
}

impl Definition {
    /// Returns whether pairs of matching rows are part of the result.
    pub(super) fn emits_pairs(&self) -> bool {
        matches!(
            self.join_type,
            JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full
        )
    }

    /// Returns whether the join must know which left rows had a match.
    pub(super) fn tracks_left(&self) -> bool {
        matches!(
            self.join_type,
            JoinType::Left | JoinType::Full | JoinType::LeftSemi | JoinType::LeftAnti
        )
    }

    /// Returns whether the join must know which right rows had a match.
    pub(super) fn tracks_right(&self) -> bool {
        matches!(
            self.join_type,
            JoinType::Right | JoinType::Full | JoinType::RightSemi | JoinType::RightAnti
        )
    }

    /// Returns whether left rows belong to the result because they had a match (`true`) or had
    /// none (`false`).
    pub(super) fn emits_left_rows(&self) -> Option<bool> {
        match self.join_type {
            JoinType::Left | JoinType::Full | JoinType::LeftAnti => Some(false),
            JoinType::LeftSemi => Some(true),
            _ => None,
        }
    }

    /// Returns whether right rows belong to the result because they had a match (`true`) or had
    /// none (`false`).
    pub(super) fn emits_right_rows(&self) -> Option<bool> {
        match self.join_type {
            JoinType::Right | JoinType::Full | JoinType::RightAnti => Some(false),
            JoinType::RightSemi => Some(true),
            _ => None,
        }
    }
}
