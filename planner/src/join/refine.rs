//! Compares the pairs whose boxes meet.

use datafusion::common::Result;
use godwit_geometry::{Geometry, Index, Relation, measure};

use super::build::{BuildSide, external, is_worth_preparing};
use super::predicate::SpatialPredicate;

/// From so many candidates on a large right geometry is prepared for small left ones.
const MANY: usize = 8;

/// A right geometry that is compared with left ones.
pub(super) struct Comparison<'a> {
    build: &'a BuildSide,
    predicate: &'a SpatialPredicate,
    right: Geometry<'a>,
    /// Whether the right geometry is prepared when a left one is not.
    prepares_right: bool,
    prepared: Option<Index>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        build: &'a BuildSide,
        predicate: &'a SpatialPredicate,
        right: Geometry<'a>,
        candidate_count: usize,
    ) -> Self {
        let prepares_right = candidate_count >= MANY && is_worth_preparing(right);
        Self { build, predicate, right, prepares_right, prepared: None }
    }

    /// Returns whether the spatial relation holds between a left row and the right geometry.
    #[inline]
    pub(super) fn holds(&mut self, row: u32) -> Result<bool> {
        let relation = self.predicate.relation;
        let is_distance = relation == Relation::DWithin;
        if let Some(prepared) = self.build.prepared(row)? {
            if is_distance {
                let left = self.build.geometry(row)?;
                return Ok(prepared.dwithin(left, self.right, self.predicate.distance));
            }
            if let Some(answer) = prepared.decide(relation, self.right) {
                return Ok(answer);
            }
        }
        let left = self.build.geometry(row)?;
        if self.prepares_right && !is_worth_preparing(left) {
            let right = self.right;
            let prepared = self.prepared.get_or_insert_with(|| Index::new(right));
            if is_distance {
                return Ok(prepared.dwithin(right, left, self.predicate.distance));
            }
            return prepared.evaluate(right, relation.converse(), left).map_err(external);
        }
        if is_distance {
            return Ok(measure::dwithin(left, self.right, self.predicate.distance));
        }
        relation.evaluate(left, self.right).map_err(external)
    }
}
