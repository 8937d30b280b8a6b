//! What a spatial join computes, shared by all its partitions.

use datafusion::common::JoinType;
use godwit_geometry::Relation;

use super::keys::Keys;
use super::predicate::SpatialPredicate;
use super::residual::Residual;
use super::surface::Surface;
use crate::gather::Gather;

/// What a spatial join computes, shared by all its partitions.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) join_type: JoinType,
    pub(super) predicate: SpatialPredicate,
    /// What the condition wants equal.
    pub(super) keys: Keys,
    /// What the condition asks for beside the spatial relation and only compares values.
    pub(super) comparisons: Option<Residual>,
    /// What the condition asks for beside that.
    pub(super) residual: Option<Residual>,
    /// How the rows of the result are put together.
    pub(super) output: Gather,
}

impl Definition {
    /// Returns what the condition asks for beside the spatial relation.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Residual> {
        self.comparisons.iter().chain(&self.residual)
    }

    /// Returns whether the edges of left polygons can be looked through run by run.
    pub(super) fn has_runs(&self) -> bool {
        let Self { predicate, .. } = self;
        predicate.surface == Surface::Plane && predicate.relation != Relation::DWithin
    }

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
            JoinType::Left
                | JoinType::Full
                | JoinType::LeftSemi
                | JoinType::LeftAnti
                | JoinType::LeftMark
        )
    }

    /// Returns whether the join must know which right rows had a match.
    pub(super) fn tracks_right(&self) -> bool {
        matches!(
            self.join_type,
            JoinType::Right
                | JoinType::Full
                | JoinType::RightSemi
                | JoinType::RightAnti
                | JoinType::RightMark
        )
    }

    /// Returns which left rows belong to the result for themselves.
    pub(super) fn emits_left_rows(&self) -> Option<Emitted> {
        match self.join_type {
            JoinType::Left | JoinType::Full | JoinType::LeftAnti => Some(Emitted::Unmatched),
            JoinType::LeftSemi => Some(Emitted::Matched),
            JoinType::LeftMark => Some(Emitted::Marked),
            _ => None,
        }
    }

    /// Returns which right rows belong to the result for themselves.
    pub(super) fn emits_right_rows(&self) -> Option<Emitted> {
        match self.join_type {
            JoinType::Right | JoinType::Full | JoinType::RightAnti => Some(Emitted::Unmatched),
            JoinType::RightSemi => Some(Emitted::Matched),
            JoinType::RightMark => Some(Emitted::Marked),
            _ => None,
        }
    }

    /// Returns whether the result says of each row whether it had a match.
    pub(super) fn has_mark(&self) -> bool {
        matches!(self.join_type, JoinType::LeftMark | JoinType::RightMark)
    }
}

/// Which rows of one side belong to the result for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emitted {
    /// Those that had a match.
    Matched,
    /// Those that had none.
    Unmatched,
    /// All, with a mark that says whether they had a match.
    Marked,
}

impl Emitted {
    /// Returns whether a row is among them that had a match, or had none.
    pub(super) fn takes(self, is_matched: bool) -> bool {
        match self {
            Self::Matched => is_matched,
            Self::Unmatched => !is_matched,
            Self::Marked => true,
        }
    }
}
