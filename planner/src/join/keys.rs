//! Values of the two sides that a join condition wants equal.

use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use datafusion::common::{JoinSide, Result};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::BinaryExpr;
use datafusion::physical_expr::{PhysicalExpr, split_conjunction};
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::joins::utils::JoinFilter;

use super::predicate::{onto_input, side};

/// Expressions over each of the sides that a join condition wants equal, side by side.
#[derive(Debug, Default)]
pub(super) struct Keys {
    left: Vec<Arc<dyn PhysicalExpr>>,
    right: Vec<Arc<dyn PhysicalExpr>>,
}

impl Keys {
    /// Returns the expressions that a condition wants equal.
    pub(super) fn of(filter: &JoinFilter) -> Result<Self> {
        let mut keys = Self::default();
        for condition in split_conjunction(filter.expression()) {
            let Some(equality) = condition.downcast_ref::<BinaryExpr>() else { continue };
            let is_equality = matches!(equality.op(), Operator::Eq | Operator::IsNotDistinctFrom);
            if !is_equality || is_volatile(condition) {
                continue;
            }
            let (one, other) = (equality.left(), equality.right());
            let (left, right) = match (side(filter, one), side(filter, other)) {
                (Some(JoinSide::Left), Some(JoinSide::Right)) => (one, other),
                (Some(JoinSide::Right), Some(JoinSide::Left)) => (other, one),
                _ => continue,
            };
            let data_type = left.data_type(filter.schema())?;
            if data_type.is_nested() || right.data_type(filter.schema())? != data_type {
                continue;
            }
            keys.left.push(onto_input(filter, left)?);
            keys.right.push(onto_input(filter, right)?);
        }
        Ok(keys)
    }

    /// Returns whether there are no keys.
    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Returns the expressions over the left side.
    pub(super) fn left(&self) -> &[Arc<dyn PhysicalExpr>] {
        &self.left
    }

    /// Returns a number for each left row; rows of equal keys have the same one, on either side.
    ///
    /// There are no numbers without keys.
    pub(super) fn of_left(&self, batch: &RecordBatch) -> Result<Vec<u64>> {
        hashes(batch, &self.left)
    }

    /// Returns the numbers of right rows.
    pub(super) fn of_right(&self, batch: &RecordBatch) -> Result<Vec<u64>> {
        hashes(batch, &self.right)
    }
}

fn hashes(batch: &RecordBatch, keys: &[Arc<dyn PhysicalExpr>]) -> Result<Vec<u64>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let values = keys.iter().map(|key| key.evaluate(batch)?.into_array(batch.num_rows()));
    let mut hashes = vec![0; batch.num_rows()];
    create_hashes(&values.collect::<Result<Vec<_>>>()?, &RandomState::default(), &mut hashes)?;
    Ok(hashes)
}
