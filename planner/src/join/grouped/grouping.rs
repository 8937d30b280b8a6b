//! What is computed for each left row.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Schema, SchemaBuilder, SchemaRef};
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{JoinSide, JoinType, Result};
use datafusion::logical_expr::GroupsAccumulator;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{GroupsAccumulatorAdapter, PhysicalExpr};
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::joins::utils::ColumnIndex;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{ExecutionPlan as _, InputOrderMode};

use super::super::exec::SpatialJoinExec;
use crate::gather::Gather;

/// What is computed for each left row of a join.
#[derive(Debug)]
pub(in crate::join) struct Grouping {
    /// The states of an aggregate: what is grouped by, and what each function keeps.
    schema: SchemaRef,
    /// What is grouped by, over `columns`.
    pub(super) keys: Vec<Arc<dyn PhysicalExpr>>,
    /// The columns of the left side that are needed for it.
    pub(super) columns: Gather,
    pub(super) aggregates: Vec<Aggregate>,
    /// The columns of the right side that the aggregates need, where a left row without a match
    /// has NULL.
    pub(super) arguments: Gather,
}

/// An aggregate of the right rows that a left row matches.
#[derive(Debug)]
pub(super) struct Aggregate {
    function: Arc<AggregateFunctionExpr>,
    /// What it is computed of, over the columns that are needed of the right side.
    arguments: Vec<Arc<dyn PhysicalExpr>>,
    /// The condition on the right rows that it takes.
    filter: Option<Arc<dyn PhysicalExpr>>,
}

impl Aggregate {
    /// Returns the states of groups, of which there are none yet.
    pub(super) fn accumulator(&self) -> Result<Box<dyn GroupsAccumulator>> {
        if self.function.groups_accumulator_supported() {
            return self.function.create_groups_accumulator();
        }
        let function = Arc::clone(&self.function);
        Ok(Box::new(GroupsAccumulatorAdapter::new(move || function.create_accumulator())))
    }

    /// Adds rows, each to the state of its group, of which there are so many.
    pub(super) fn update(
        &self,
        states: &mut dyn GroupsAccumulator,
        rows: &RecordBatch,
        groups: &[usize],
        group_count: usize,
    ) -> Result<()> {
        let array = |of: &Arc<dyn PhysicalExpr>| of.evaluate(rows)?.into_array(rows.num_rows());
        let values = self.arguments.iter().map(array).collect::<Result<Vec<_>>>()?;
        let filter = self.filter.as_ref().map(array).transpose()?;
        let filter = filter.as_ref().map(AsArray::as_boolean);
        states.update_batch(&values, groups, filter, group_count)
    }
}

impl Grouping {
    /// Returns the columns of the states: what is grouped by, and what each function keeps.
    pub(in crate::join) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns what a partial aggregate over a join computes for each left row; nothing where it
    /// groups by anything else, or aggregates anything but columns of the right side.
    pub(super) fn of(
        aggregate: &AggregateExec,
        projection: Option<&ProjectionExec>,
        join: &SpatialJoinExec,
    ) -> Result<Option<Self>> {
        let by = aggregate.group_expr();
        let is_grouped_by_left = matches!(join.join_type(), JoinType::Inner | JoinType::Left)
            && by.is_single()
            && !by.is_empty()
            && *aggregate.input_order_mode() == InputOrderMode::Linear
            && aggregate.limit_options().is_none();
        if !is_grouped_by_left {
            return Ok(None);
        }
        let source = Source { projection, columns: join.columns() };
        let [left, right] = join.children()[..] else { return Ok(None) };
        let mut keys = Needed::of(JoinSide::Left);
        let by = by.expr().iter().map(|(key, _)| source.over(&mut keys, key));
        let Some(by) = by.collect::<Result<Option<_>>>()? else { return Ok(None) };
        let mut arguments = Needed::of(JoinSide::Right);
        let mut aggregates = Vec::with_capacity(aggregate.aggr_expr().len());
        for (function, filter) in aggregate.aggr_expr().iter().zip(aggregate.filter_expr()) {
            let all = function.expressions();
            let all = all.iter().map(|argument| source.over(&mut arguments, argument));
            let Some(all) = all.collect::<Result<Option<_>>>()? else { return Ok(None) };
            let filter = match filter {
                Some(filter) => match source.over(&mut arguments, filter)? {
                    Some(filter) => Some(filter),
                    None => return Ok(None),
                },
                None => None,
            };
            if !function.order_bys().is_empty() {
                return Ok(None);
            }
            aggregates.push(Aggregate { function: Arc::clone(function), arguments: all, filter });
        }
        Ok(Some(Self {
            schema: aggregate.schema(),
            keys: by,
            columns: keys.gather(&left.schema())?,
            aggregates,
            arguments: arguments.gather(&right.schema())?,
        }))
    }
}

/// Where the columns of an aggregate come from.
struct Source<'a> {
    projection: Option<&'a ProjectionExec>,
    /// The columns of the join.
    columns: &'a [ColumnIndex],
}

impl Source<'_> {
    /// Returns an expression over the columns that are needed of one side, if it needs no others
    /// and always gives the same for a row.
    fn over(
        &self,
        needed: &mut Needed,
        expression: &Arc<dyn PhysicalExpr>,
    ) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        let projected = match self.projection {
            Some(projection) => replaced(expression, |column| {
                projection.expr().get(column.index()).map(|projected| Arc::clone(&projected.expr))
            })?,
            None => Some(Arc::clone(expression)),
        };
        let Some(projected) = projected.filter(|projected| !is_volatile(projected)) else {
            return Ok(None);
        };
        replaced(&projected, |column| {
            let source = self.columns.get(column.index())?;
            let place = (source.side == needed.side).then(|| needed.place(source.index))?;
            Some(Arc::new(Column::new(column.name(), place)))
        })
    }
}

/// The columns that are needed of one side.
struct Needed {
    side: JoinSide,
    columns: Vec<usize>,
}

impl Needed {
    fn of(side: JoinSide) -> Self {
        Self { side, columns: Vec::new() }
    }

    /// Returns the place of a column among those that are needed.
    fn place(&mut self, column: usize) -> usize {
        let known = self.columns.iter().position(|known| *known == column);
        known.unwrap_or_else(|| {
            self.columns.push(column);
            self.columns.len() - 1
        })
    }

    /// Returns what puts the columns together, any of which may be NULL.
    fn gather(&self, schema: &Schema) -> Result<Gather> {
        let mut fields = SchemaBuilder::from(schema.project(&self.columns)?);
        for place in 0..self.columns.len() {
            let field = Arc::clone(fields.field(place));
            *fields.field_mut(place) = Arc::new(field.as_ref().clone().with_nullable(true));
        }
        let column = |index: &usize| ColumnIndex { index: *index, side: self.side };
        let columns = self.columns.iter().map(column).collect();
        Ok(Gather::new(Arc::new(fields.finish()), columns))
    }
}

/// Returns an expression with others in the place of its columns, if there is one for each.
fn replaced(
    expression: &Arc<dyn PhysicalExpr>,
    mut replacement: impl FnMut(&Column) -> Option<Arc<dyn PhysicalExpr>>,
) -> Result<Option<Arc<dyn PhysicalExpr>>> {
    let mut is_whole = true;
    // From the leaves up, so that no replacement is looked at again.
    let result = Arc::clone(expression).transform_up(|part| {
        let Some(column) = part.downcast_ref::<Column>() else { return Ok(Transformed::no(part)) };
        let replacement = replacement(column);
        is_whole &= replacement.is_some();
        Ok(replacement.map_or_else(|| Transformed::no(part), Transformed::yes))
    })?;
    Ok(is_whole.then_some(result.data))
}
