//! Aggregates with a state that each row changes.

use std::fmt::Debug;

use arrow::array::{ArrayRef, AsArray as _};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Accumulator, GroupsAccumulator};
use godwit_geometry::{Geometry, GeometryError, Kinds, WkbColumn, interrupt};

use super::grouped::RunningGroups;
use super::{Combine, with_row};
use crate::options::Options;
use crate::scalar::external;

/// The state of an aggregate that does not need its rows again.
pub(crate) trait Running: Debug + Send + Sync + 'static {
    /// Whether a row that comes twice counts twice.
    const COUNTS_REPEATS: bool = false;

    /// The kinds of geometry that may be taken in.
    const KINDS: Kinds = Kinds::Basic;

    /// Returns the state before the first row.
    fn start(options: &Options) -> Result<Self, GeometryError>
    where
        Self: Sized;

    /// Takes a row in.
    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError>;

    /// Takes in what another state gave away.
    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError>;

    /// Returns what `merge` of another state understands, or nothing when no row came.
    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError>;

    /// Returns the value as WKB, or nothing for null; more rows may come afterwards.
    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError>;

    /// Returns how many bytes the state takes beyond its own struct.
    fn size(&self) -> usize;
}

/// The ways the engine may drive a running state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Starts {
    /// For the rows of one group.
    pub(super) single: fn(&Options) -> Result<Box<dyn Accumulator>, GeometryError>,
    /// For the rows of many groups.
    pub(super) grouped: fn(&Options) -> Box<dyn GroupsAccumulator>,
    /// For rows that were kept, because some leave the window again or come twice.
    pub(super) replayed: Combine,
    /// Whether a row that comes twice counts twice.
    pub(super) counts_repeats: bool,
    /// The kinds of geometry that the state takes in.
    pub(super) kinds: Kinds,
}

impl Starts {
    /// Returns the ways to drive a state.
    pub(super) const fn new<S: Running>() -> Self {
        Self {
            single: |options| Ok(Box::new(RunningAccumulator(S::start(options)?))),
            grouped: |options| Box::new(RunningGroups::<S>::new(options.clone())),
            replayed: |geometries, options| {
                let mut state = S::start(options)?;
                for geometry in geometries {
                    state.add(*geometry)?;
                }
                Ok(state.finish()?.into())
            },
            counts_repeats: S::COUNTS_REPEATS,
            kinds: S::KINDS,
        }
    }
}

/// A running state as the engine drives it.
#[derive(Debug)]
struct RunningAccumulator<S>(S);

impl<S: Running> Accumulator for RunningAccumulator<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let Some(column) = values.first().and_then(|array| WkbColumn::try_new(array.as_ref()))
        else {
            return Ok(());
        };
        for row in 0..column.len() {
            let Some(bytes) = column.get(row) else {
                continue;
            };
            with_row(bytes, S::KINDS, |geometry| self.0.add(geometry)).map_err(external)?;
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        interrupt::until_over(|| self.0.finish()).map(ScalarValue::Binary).map_err(external)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Binary(self.0.state().map_err(external)?)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let states = states.first().and_then(|array| array.as_binary_opt::<i32>());
        for state in states.into_iter().flatten().flatten() {
            self.0.merge(state).map_err(external)?;
        }
        Ok(())
    }
}
