//! What a join condition asks for beside the spatial relation.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use datafusion::common::Result;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{
    BinaryExpr, Column, IsNotNullExpr, IsNullExpr, Literal, NotExpr,
};
use datafusion::physical_expr::utils::conjunction_opt;
use datafusion::physical_expr::{PhysicalExpr, split_conjunction};
use datafusion::physical_plan::joins::utils::JoinFilter;

use super::build::BuildSide;
use super::predicate::narrow;
use crate::gather::{Gather, Rows};

/// A condition on pairs of rows and how the columns for it are put together.
#[derive(Debug)]
pub(super) struct Residual {
    gather: Gather,
    pub(super) expression: Arc<dyn PhysicalExpr>,
}

impl Residual {
    /// Returns the part of a condition that only compares values of columns, and the rest of it.
    ///
    /// Such a comparison costs less than that of two geometries, and cannot fail for a pair of
    /// rows that are not related.
    pub(super) fn split(filter: &JoinFilter) -> Result<(Option<Self>, Option<Self>)> {
        let (comparisons, others): (Vec<_>, Vec<_>) =
            split_conjunction(filter.expression()).into_iter().partition(|part| is_plain(part));
        let of = |parts: Vec<&Arc<dyn PhysicalExpr>>| -> Result<Option<Self>> {
            let condition = conjunction_opt(parts.into_iter().map(Arc::clone));
            condition.map(|condition| Ok(Self::of(&narrow(filter, &condition)?))).transpose()
        };
        Ok((of(comparisons)?, of(others)?))
    }

    fn of(filter: &JoinFilter) -> Self {
        Self {
            gather: Gather::new(Arc::clone(filter.schema()), filter.column_indices().to_vec()),
            expression: Arc::clone(filter.expression()),
        }
    }

    /// Returns for every pair of a left row and a row of a right batch whether the condition holds.
    pub(super) fn holds(
        &self,
        build: &BuildSide,
        batch: &RecordBatch,
        pairs: &[(u32, u32)],
    ) -> Result<Vec<bool>> {
        let left: Vec<_> = pairs.iter().map(|(left, _)| build.place(*left)).collect();
        let right: Vec<_> = pairs.iter().map(|(_, right)| (0, *right as usize)).collect();
        let pairs = self.gather.batch(
            Rows { batches: build.batches(), places: &left },
            Rows { batches: std::slice::from_ref(batch), places: &right },
        )?;
        let answers = self.expression.evaluate(&pairs)?.into_array(pairs.num_rows())?;
        let answers = answers.as_boolean();
        Ok((0..answers.len()).map(|row| answers.is_valid(row) && answers.value(row)).collect())
    }
}

/// Returns whether an expression only compares values of columns with each other or literals.
fn is_plain(expression: &Arc<dyn PhysicalExpr>) -> bool {
    let is_value = |value: &Arc<dyn PhysicalExpr>| value.is::<Column>() || value.is::<Literal>();
    if let Some(binary) = expression.downcast_ref::<BinaryExpr>() {
        let (left, right) = (binary.left(), binary.right());
        return match binary.op() {
            Operator::And | Operator::Or => is_plain(left) && is_plain(right),
            Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom => is_value(left) && is_value(right),
            _ => false,
        };
    }
    if let Some(negated) = expression.downcast_ref::<NotExpr>() {
        return is_plain(negated.arg());
    }
    let tested = expression.downcast_ref::<IsNullExpr>().map(IsNullExpr::arg);
    tested
        .or_else(|| expression.downcast_ref::<IsNotNullExpr>().map(IsNotNullExpr::arg))
        .is_some_and(is_value)
}
