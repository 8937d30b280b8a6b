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
    /// The position of the right geometry, if it is a point.
    right_xy: Option<[f64; 2]>,
    /// How far apart the geometries may be, unless the left row says so.
    distance: f64,
    /// Whether the right geometry is prepared when a left one is not.
    prepares_right: bool,
    prepared: Option<Index>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        build: &'a BuildSide,
        predicate: &'a SpatialPredicate,
        right: Geometry<'a>,
        distance: f64,
        candidate_count: usize,
    ) -> Self {
        let prepares_right = candidate_count >= MANY && is_worth_preparing(right);
        let right_xy = right.point_xy();
        Self { build, predicate, right, right_xy, distance, prepares_right, prepared: None }
    }

    /// Returns whether the spatial relation holds between a left row and the right geometry.
    #[inline]
    pub(super) fn holds(&mut self, row: u32) -> Result<bool> {
        let relation = self.predicate.relation;
        let is_distance = relation == Relation::DWithin;
        let distance = self.build.distance(row).unwrap_or(self.distance);
        if let Some(prepared) = self.build.prepared(row)? {
            let answer = match self.right_xy {
                _ if is_distance => prepared.decide_dwithin(self.right, distance),
                Some([x, y]) => prepared.decide_xy(relation, x, y),
                None => prepared.decide(relation, self.right),
            };
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
        let left = self.build.geometry(row)?;
        if self.prepares_right && !is_worth_preparing(left) {
            let right = self.right;
            let prepared = self.prepared.get_or_insert_with(|| Index::new(right));
            if is_distance {
                return Ok(prepared.dwithin(right, left, distance));
            }
            return prepared.evaluate(right, relation.converse(), left).map_err(external);
        }
        if is_distance {
            return Ok(measure::dwithin(left, self.right, distance));
        }
        relation.evaluate(left, self.right).map_err(external)
    }
}
