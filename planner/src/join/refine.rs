//! Compares the pairs whose boxes meet.

use datafusion::common::{Result, internal_err};
use godwit_geometry::{Geometry, Index, Relation, WkbColumn, geodesic, measure};

use super::build::{BuildSide, external, is_worth_preparing};
use super::predicate::SpatialPredicate;
use super::surface::Surface;

/// From so many candidates on a large right geometry is prepared for small left ones.
const MANY: usize = 8;

/// A right geometry.
#[derive(Clone, Copy)]
pub(super) enum Right<'a> {
    /// A point of X and Y, which is seldom more than a position.
    Point {
        at: [f64; 2],
        column: WkbColumn<'a>,
        row: u32,
    },
    Any(Geometry<'a>),
}

impl<'a> Right<'a> {
    /// Returns whether the geometry is empty.
    pub(super) fn is_empty(self) -> bool {
        match self {
            Self::Point { .. } => false,
            Self::Any(geometry) => geometry.is_empty(),
        }
    }

    fn geometry(self) -> Result<Geometry<'a>> {
        match self {
            Self::Any(geometry) => Ok(geometry),
            Self::Point { column, row, .. } => match column.geometry(row as usize) {
                Ok(Some(point)) => Ok(point),
                Ok(None) => internal_err!("a point that was read is none"),
                Err(error) => Err(external(error)),
            },
        }
    }
}

/// A right geometry that is compared with left ones.
pub(super) struct Comparison<'a> {
    build: &'a BuildSide,
    predicate: &'a SpatialPredicate,
    right: Right<'a>,
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
        right: Right<'a>,
        distance: f64,
        candidate_count: usize,
    ) -> Self {
        let is_large = matches!(right, Right::Any(geometry) if is_worth_preparing(geometry));
        let prepares_right = candidate_count >= MANY && is_large;
        Self { build, predicate, right, distance, prepares_right, prepared: None }
    }

    /// Returns whether the spatial relation holds between a left row and the right geometry.
    #[inline]
    pub(super) fn holds(&mut self, row: u32) -> Result<bool> {
        let relation = self.predicate.relation;
        let is_distance = relation == Relation::DWithin;
        let distance = self.build.distance(row).unwrap_or(self.distance);
        if let Surface::Earth(figure) = self.predicate.surface {
            let (left, right) = (self.build.geometry(row)?, self.right.geometry()?);
            return Ok(geodesic::dwithin(left, right, distance, figure));
        }
        if let (Right::Point { at, .. }, false) = (self.right, is_distance)
            && let Some(answer) = self.build.decide_xy(row, relation, at)?
        {
            return Ok(answer);
        }
        if let Some(prepared) = self.build.prepared(row)? {
            let answer = match self.right {
                Right::Point { at: [x, y], .. } if is_distance => {
                    prepared.decide_dwithin_xy(x, y, distance)
                }
                Right::Point { at: [x, y], .. } => prepared.decide_xy(relation, x, y),
                Right::Any(right) if is_distance => prepared.decide_dwithin(right, distance),
                Right::Any(right) => prepared.decide(relation, right),
            };
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
        let (left, right) = (self.build.geometry(row)?, self.right.geometry()?);
        if self.prepares_right && !is_worth_preparing(left) {
            let prepared = self.prepared.get_or_insert_with(|| Index::new(right));
            if is_distance {
                return Ok(prepared.dwithin(right, left, distance));
            }
            return prepared.evaluate(right, relation.converse(), left).map_err(external);
        }
        if is_distance {
            return Ok(measure::dwithin(left, right, distance));
        }
        relation.evaluate(left, right).map_err(external)
    }
}
