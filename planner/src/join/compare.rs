//! The right rows that are being compared with the left side.

use arrow::array::{ArrayRef, RecordBatch};
use datafusion::common::Result;
use godwit_geometry::{Bounds, Relation, WkbColumn, interrupt};

use super::build::{BuildSide, external, geometries};
use super::definition::Definition;
use super::places::Places;
use super::predicate::{Distance, SpatialPredicate};
use super::refine::{Comparison, Right};
use super::residual::Residual;
use super::surface::Surface;
use crate::tree::Stack;

/// A left side of fewer bytes stays at hand, whatever the order of the right rows.
const FEW_BYTES: usize = 16 << 20;

/// How many rows are looked up, or points compared, between two looks at whether the query must
/// end.
const BETWEEN_LOOKS: usize = 64;

/// The right rows that are being compared.
pub(super) struct Current {
    rows: RightRows,
    /// The rows in the order in which they are compared.
    order: Vec<u32>,
    /// How many rows were looked up.
    done: usize,
    /// The rows that had a match, when the join must know.
    pub(super) matched: Vec<bool>,
}

/// Right rows, their geometries and where these lie.
pub(super) struct RightRows {
    pub(super) batch: RecordBatch,
    geometries: ArrayRef,
    places: Places,
    /// How far from each row the left geometry may be, when the right side says so.
    distances: Vec<f64>,
    /// The hashes of the keys, when the join has keys.
    keys: Vec<u64>,
}

/// A right row as it is compared.
struct Subject<'a> {
    row: u32,
    right: Right<'a>,
    bounds: Option<Bounds>,
    /// How far from it the left geometry may be, unless the left side says so.
    distance: f64,
    /// The hash of its key, when the join has keys.
    key: Option<u64>,
}

/// What was found, in memory that is used again and again.
#[derive(Default)]
pub(super) struct Scratch {
    stack: Stack,
    candidates: Vec<u32>,
    /// Pairs whose boxes meet, which no more is known of.
    untested: Vec<(u32, u32)>,
    /// Pairs that the spatial relation holds for.
    pub(super) pairs: Vec<(u32, u32)>,
    /// What was counted since the metrics were told.
    pub(super) candidate_count: usize,
    pub(super) match_count: usize,
}

impl Current {
    /// Returns right rows to be compared with a left side, and which of them had a match already.
    pub(super) fn try_new(
        batch: RecordBatch,
        matched: Vec<bool>,
        build: &BuildSide,
        definition: &Definition,
    ) -> Result<Self> {
        let predicate = &definition.predicate;
        let row_count = batch.num_rows();
        let geometries = predicate.right.evaluate(&batch)?.into_array(row_count)?;
        let (geometries, places) = Places::of(geometries, predicate)?;
        let order = match build.memory_size() {
            0..FEW_BYTES => (0..).take(row_count).collect(),
            _ => places.along_curve(),
        };
        let distances = match &predicate.distance {
            Distance::Right(distances) => distances.evaluate(&batch)?,
            _ => Vec::new(),
        };
        let keys = definition.keys.of_right(&batch)?;
        let rows = RightRows { batch, geometries, places, distances, keys };
        Ok(Self { rows, order, done: 0, matched })
    }

    /// Returns the rows.
    pub(super) fn rows(&self) -> &RightRows {
        &self.rows
    }

    /// Returns whether all rows were compared.
    pub(super) fn is_done(&self) -> bool {
        self.done >= self.order.len()
    }

    /// Compares rows until they have as many matches as asked for, which are left in the scratch.
    pub(super) fn compare(
        &mut self,
        build: &BuildSide,
        definition: &Definition,
        most: usize,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Self { rows, order, done, matched } = self;
        let column = geometries(&rows.geometries)?;
        let comparing =
            Comparing { build, definition, rows, tested: rows.tested_first(definition) };
        // One match is all that a right row of a semi join needs, in whichever part.
        let is_known_by_one = definition.tracks_right() && !definition.emits_pairs();
        scratch.pairs.clear();
        while scratch.pairs.len() < most
            && let Some(row) = order.get(*done).copied()
        {
            *done += 1;
            if done.is_multiple_of(BETWEEN_LOOKS) {
                interrupt::check().map_err(external)?;
            }
            if is_known_by_one && matched.get(row as usize) == Some(&true) {
                continue;
            }
            let predicate = &definition.predicate;
            let Some(subject) = rows.subject(column, row, predicate)? else { continue };
            subject.search(build, predicate, scratch);
            scratch.candidate_count += scratch.candidates.len();
            if comparing.tested.is_none() {
                let candidates = std::mem::take(&mut scratch.candidates);
                comparing.compare(&subject, candidates.iter().copied(), matched, scratch)?;
                scratch.candidates = candidates;
                continue;
            }
            scratch.untested.extend(scratch.candidates.iter().map(|left| (*left, row)));
            if scratch.untested.len() >= most {
                comparing.compare_tested(column, matched, scratch)?;
            }
        }
        comparing.compare_tested(column, matched, scratch)
    }
}

impl RightRows {
    /// Returns the condition that pairs are tested for before their geometries are compared: one
    /// that costs less, which for positions it does not.
    fn tested_first<'a>(&self, definition: &'a Definition) -> Option<&'a Residual> {
        match self.places {
            Places::Points(_) => None,
            Places::Boxes(_) => definition.comparisons.as_ref(),
        }
    }

    /// Returns the conditions that are left once geometries were compared.
    pub(super) fn tested_last<'a>(
        &self,
        definition: &'a Definition,
    ) -> impl Iterator<Item = &'a Residual> {
        let comparisons = match self.tested_first(definition) {
            Some(_) => None,
            None => definition.comparisons.as_ref(),
        };
        comparisons.into_iter().chain(&definition.residual)
    }

    /// Returns a row as it is compared; nothing for one without a geometry.
    fn subject<'a>(
        &self,
        column: WkbColumn<'a>,
        row: u32,
        predicate: &SpatialPredicate,
    ) -> Result<Option<Subject<'a>>> {
        let distance = match &predicate.distance {
            Distance::Constant(distance) => *distance,
            // The boxes of the left side are grown already.
            Distance::Left(_) => 0.0,
            Distance::Right(_) => self.distances.get(row as usize).copied().unwrap_or(f64::NAN),
        };
        let right = self.places.right(column, row)?;
        let key = self.keys.get(row as usize).copied();
        Ok(right.map(|(right, bounds)| Subject { row, right, bounds, distance, key }))
    }
}

impl Subject<'_> {
    /// Finds the left rows whose boxes meet that of the row.
    fn search(&self, build: &BuildSide, predicate: &SpatialPredicate, scratch: &mut Scratch) {
        let Scratch { stack, candidates, .. } = scratch;
        candidates.clear();
        match self.bounds {
            // Nothing is near a row without a distance.
            Some(_) if self.distance.is_nan() => {}
            Some(bounds) => {
                for window in predicate.surface.near(bounds, self.distance) {
                    build.lookup().search(self.key, &window, stack, |row| candidates.push(row));
                }
                if predicate.surface != Surface::Plane {
                    // What lies on both sides of the meridian of 180 degrees was found twice.
                    candidates.sort_unstable();
                    candidates.dedup();
                }
            }
            // Empty geometries have no box, but are equal to each other.
            None if predicate.relation == Relation::Equals && self.right.is_empty() => {
                candidates.extend_from_slice(build.empty_rows());
            }
            None => {}
        }
    }
}

/// How pairs of rows are compared.
struct Comparing<'a> {
    build: &'a BuildSide,
    definition: &'a Definition,
    rows: &'a RightRows,
    /// The condition that pairs are tested for first.
    tested: Option<&'a Residual>,
}

impl Comparing<'_> {
    /// Compares the pairs that no more is known of than that their boxes meet.
    fn compare_tested(
        &self,
        column: WkbColumn<'_>,
        matched: &mut [bool],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Some(condition) = self.tested else { return Ok(()) };
        let mut pairs = std::mem::take(&mut scratch.untested);
        let mut answers = condition.holds(self.build, &self.rows.batch, &pairs)?.into_iter();
        pairs.retain(|_| answers.next() == Some(true));
        for pairs in pairs.chunk_by(|(_, row), (_, next)| row == next) {
            let Some((_, row)) = pairs.first() else { continue };
            let subject = self.rows.subject(column, *row, &self.definition.predicate)?;
            let Some(subject) = subject else { continue };
            self.compare(&subject, pairs.iter().map(|(left, _)| *left), matched, scratch)?;
        }
        pairs.clear();
        scratch.untested = pairs;
        Ok(())
    }

    /// Finds the left rows among some candidates that a right row matches.
    fn compare(
        &self,
        subject: &Subject<'_>,
        candidates: impl ExactSizeIterator<Item = u32>,
        matched: &mut [bool],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Self { build, definition, .. } = *self;
        let Subject { row, right, distance, .. } = *subject;
        let predicate = &definition.predicate;
        let mut comparison = Comparison::new(build, predicate, right, distance, candidates.len());
        let decides = self.rows.tested_last(definition).next().is_none();
        let skips_visited = definition.tracks_left() && !definition.emits_pairs();
        let between_looks = match right {
            Right::Point { .. } => BETWEEN_LOOKS,
            Right::Any(_) => BETWEEN_LOOKS / 8,
        };
        for (count, left) in candidates.enumerate() {
            if (count + 1).is_multiple_of(between_looks) {
                interrupt::check().map_err(external)?;
            }
            if (skips_visited && build.is_visited(left)) || !comparison.holds(left)? {
                continue;
            }
            scratch.match_count += 1;
            if !decides || definition.emits_pairs() {
                scratch.pairs.push((left, row));
            } else if definition.tracks_left() {
                build.visit(left);
            } else {
                // One match is all that a right row needs.
                matched[row as usize] = true;
                break;
            }
        }
        Ok(())
    }
}
