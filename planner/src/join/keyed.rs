//! The rule that lets the geometries of a join with keys decide which rows are compared.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{JoinSide, NullEquality, Result};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{BinaryExpr, Column};
use datafusion::physical_expr::utils::conjunction;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};
use datafusion::physical_plan::joins::{HashJoinExec, NestedLoopJoinExecBuilder};

use super::SpatialJoinExec;

/// Turns hash joins whose condition relates two geometries into nested loops, which
/// [`UseSpatialJoin`](super::UseSpatialJoin) replaces.
///
/// A hash join compares the geometries of all rows of equal keys: of a country, a day, a client. A
/// spatial join looks up its rows by their keys and their boxes. The rule belongs before all
/// others, which see to how the inputs of a join are divided.
#[derive(Debug, Default)]
pub(crate) struct LookUpKeysAndBoxes;

impl PhysicalOptimizerRule for LookUpKeysAndBoxes {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let replaced = plan.transform_up(|node| {
            let Some(join) = node.downcast_ref::<HashJoinExec>() else {
                return Ok(Transformed::no(node));
            };
            match nested_loop(join)? {
                Some(join) => Ok(Transformed::yes(join)),
                None => Ok(Transformed::no(node)),
            }
        })?;
        Ok(replaced.data)
    }

    fn name(&self) -> &'static str {
        "look_up_keys_and_boxes"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns the join as a nested loop, if a spatial join can take its place.
fn nested_loop(join: &HashJoinExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(filter) = join.filter() else { return Ok(None) };
    if join.null_aware || join.contains_projection() || join.fetch().is_some() {
        return Ok(None);
    }
    let operator = match join.null_equality() {
        NullEquality::NullEqualsNothing => Operator::Eq,
        NullEquality::NullEqualsNull => Operator::IsNotDistinctFrom,
    };
    let mut condition = Condition::of(filter);
    let mut conjuncts = Vec::new();
    for (left, right) in join.on() {
        let left = condition.place(left, JoinSide::Left, &join.left().schema())?;
        let right = condition.place(right, JoinSide::Right, &join.right().schema())?;
        conjuncts.push(Arc::new(BinaryExpr::new(left, operator, right)) as _);
    }
    conjuncts.push(Arc::clone(filter.expression()));
    let filter = condition.finish(conjunction(conjuncts));
    let (left, right) = (Arc::clone(join.left()), Arc::clone(join.right()));
    let join = NestedLoopJoinExecBuilder::new(left, right, *join.join_type())
        .with_filter(Some(filter))
        .build()?;
    Ok(SpatialJoinExec::from_nested_loop(&join)?.map(|_| Arc::new(join) as _))
}

/// The columns of a join condition while there come more.
struct Condition {
    columns: Vec<ColumnIndex>,
    schema: SchemaRef,
}

impl Condition {
    fn of(filter: &JoinFilter) -> Self {
        Self { columns: filter.column_indices().to_vec(), schema: Arc::clone(filter.schema()) }
    }

    /// Returns an expression over an input as one over the columns of the condition.
    fn place(
        &mut self,
        expression: &Arc<dyn PhysicalExpr>,
        side: JoinSide,
        input: &Schema,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let placed = Arc::clone(expression).transform_up(|node| {
            let Some(column) = node.downcast_ref::<Column>() else {
                return Ok(Transformed::no(node));
            };
            let index = self.index_of(&ColumnIndex { index: column.index(), side }, input);
            Ok(Transformed::yes(Arc::new(Column::new(column.name(), index)) as _))
        })?;
        Ok(placed.data)
    }

    fn index_of(&mut self, column: &ColumnIndex, input: &Schema) -> usize {
        if let Some(index) = self.columns.iter().position(|known| known == column) {
            return index;
        }
        let fields = self.schema.fields().iter().chain(input.fields().get(column.index));
        self.schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
        self.columns.push(column.clone());
        self.columns.len() - 1
    }

    fn finish(self, expression: Arc<dyn PhysicalExpr>) -> JoinFilter {
        JoinFilter::new(expression, self.columns, self.schema)
    }
}
