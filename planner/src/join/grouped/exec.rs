//! The physical operator.

use std::fmt::Formatter;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions,
};

use super::super::exec::SpatialJoinExec;
use super::grouping::Grouping;

/// A partial aggregate, by columns of the left side, over a spatial join.
///
/// The join below makes no rows: its pairs are aggregated as they are found.
#[derive(Debug)]
pub struct SpatialGroupJoinExec {
    /// The aggregate as the query engine does it: what it computes, and its plan properties.
    aggregate: AggregateExec,
    join: Arc<dyn ExecutionPlan>,
    grouping: Arc<Grouping>,
}

impl SpatialGroupJoinExec {
    /// Returns what does the same as a partial aggregate, if that is one of right rows by left
    /// rows of a spatial join.
    pub fn from_aggregate(aggregate: &AggregateExec) -> Result<Option<Self>> {
        if *aggregate.mode() != AggregateMode::Partial {
            return Ok(None);
        }
        let projection = aggregate.input().downcast_ref::<ProjectionExec>();
        let input = projection.map_or(aggregate.input(), ProjectionExec::input);
        let Some(join) = input.downcast_ref::<SpatialJoinExec>() else { return Ok(None) };
        let grouping = Grouping::of(aggregate, projection, join)?;
        Ok(grouping.map(|grouping| Self {
            aggregate: aggregate.clone(),
            join: Arc::clone(input),
            grouping: Arc::new(grouping),
        }))
    }

    /// Returns the same over another join, or over what stands in its place.
    fn over(&self, join: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        let options = || ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        let below = self.aggregate.input();
        let input = match below.downcast_ref::<ProjectionExec>() {
            Some(_) => Arc::clone(below).replace_children(vec![Arc::clone(join)], options())?,
            None => Arc::clone(join),
        };
        let aggregate = Arc::new(self.aggregate.clone());
        let aggregate = aggregate.replace_children(vec![input], options())?;
        let grouped = match aggregate.downcast_ref::<AggregateExec>() {
            Some(aggregate) => Self::from_aggregate(aggregate)?,
            None => None,
        };
        Ok(grouped.map_or(aggregate, |grouped| Arc::new(grouped)))
    }
}

impl DisplayAs for SpatialGroupJoinExec {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut Formatter<'_>) -> std::fmt::Result {
        let keys = self.aggregate.group_expr().expr().iter().map(|(_, name)| name.as_str());
        let keys = keys.collect::<Vec<_>>().join(", ");
        let functions = self.aggregate.aggr_expr().iter().map(|function| function.name());
        let functions = functions.collect::<Vec<_>>().join(", ");
        if format == DisplayFormatType::TreeRender {
            writeln!(f, "group_by={keys}")?;
            return writeln!(f, "aggr={functions}");
        }
        write!(f, "SpatialGroupJoinExec: gby=[{keys}], aggr=[{functions}]")
    }
}

impl ExecutionPlan for SpatialGroupJoinExec {
    fn name(&self) -> &'static str {
        "SpatialGroupJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.aggregate.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![false]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.join]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.aggregate.apply_expressions(f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let [join] = children.as_slice() else {
            return internal_err!("a group-join has one input");
        };
        self.over(join)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let Some(join) = self.join.downcast_ref::<SpatialJoinExec>() else {
            return internal_err!("a group-join stands above a spatial join");
        };
        join.execute_grouped(partition, context, &self.grouping)
    }

    fn schema(&self) -> SchemaRef {
        self.aggregate.schema()
    }
}
