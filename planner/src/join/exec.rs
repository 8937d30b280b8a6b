//! The physical operator.

use std::fmt::{Display, Formatter};
use std::sync::{Arc, OnceLock};

use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, JoinType, Result, Statistics, internal_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::joins::utils::{ColumnIndex, build_join_schema};
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricsSet, SpillMetrics};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::statistics::{ChildStats, StatisticsArgs};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan,
    ExecutionPlanProperties as _, InputDistributionRequirements, PlanProperties,
    ReplaceChildrenOptions, SpillManager, apply_expression_roots,
};
use futures::FutureExt as _;
use futures::future::ready;
use godwit_geometry::Relation;
use godwit_geometry::geodesic::Figure;

use super::build::{BuildRows, BuildSide};
use super::cache::Keeping;
use super::content::MannerOf;
use super::definition::Definition;
use super::grouped::{Grouping, Groups};
use super::identity::{Form, Identity};
use super::keys::Keys;
use super::metrics::{BuildMetrics, ProbeMetrics};
use super::output::Output;
use super::pending::Pending;
use super::predicate::{Distance, SpatialPredicate, split};
use super::publish::publish;
use super::residual::Residual;
use super::rule::replace_joins;
use super::stream::{Place, Probe};
use super::surface::Surface;
use crate::ProbeBounds;
use crate::gather::Gather;
use crate::shared::MadeOnce;

/// A join whose condition relates a geometry of the left side to one of the right side.
///
/// The left side is collected and indexed, the right side streamed. See the module for how.
#[derive(Debug)]
pub struct SpatialJoinExec {
    /// The same join as a nested loop: its inputs, type, projection and plan properties.
    join: NestedLoopJoinExec,
    definition: Arc<Definition>,
    /// The rows of the left side, which identical joins of a plan share.
    rows: Arc<MadeOnce<BuildRows>>,
    /// Where the rows are kept for other queries.
    keeping: Option<Keeping>,
    build: MadeOnce<BuildSide>,
    build_metrics: OnceLock<BuildMetrics>,
    /// What the right side learns when the left one is collected.
    bounds: Option<ProbeBounds>,
    metrics: ExecutionPlanMetricsSet,
}

impl SpatialJoinExec {
    /// Returns the spatial join that does what a nested loop join does, if its condition relates a
    /// geometry of each side.
    pub fn from_nested_loop(join: &NestedLoopJoinExec) -> Result<Option<Self>> {
        let Some(filter) = join.filter() else { return Ok(None) };
        let (left, right) = (join.left().schema(), join.right().schema());
        let Some((predicate, rest)) = split(filter, &left, &right)? else { return Ok(None) };
        let keys = rest.as_ref().map(Keys::of).transpose()?.unwrap_or_default();
        let (comparisons, residual) = match rest {
            Some(rest) => Residual::split(&rest)?,
            None => (None, None),
        };
        let join = NestedLoopJoinExecBuilder::from(join).build()?;
        let (_, columns) = build_join_schema(&left, &right, join.join_type());
        let columns = match join.projection() {
            Some(projection) => {
                projection.iter().filter_map(|index| columns.get(*index).cloned()).collect()
            }
            None => columns,
        };
        let definition = Definition {
            join_type: *join.join_type(),
            predicate,
            keys,
            comparisons,
            residual,
            output: Gather::new(join.schema(), columns),
        };
        Ok(Some(Self {
            join,
            definition: Arc::new(definition),
            rows: Arc::default(),
            keeping: None,
            build: MadeOnce::default(),
            build_metrics: OnceLock::new(),
            bounds: None,
            metrics: ExecutionPlanMetricsSet::new(),
        }))
    }

    /// Returns how the sides are joined.
    pub fn join_type(&self) -> JoinType {
        *self.join.join_type()
    }

    /// Returns the relation of the left geometry to the right one.
    pub fn relation(&self) -> Relation {
        self.definition.predicate.relation
    }

    /// Returns what tells the left side apart; nothing if it cannot be that of another join.
    pub(super) fn left_identity(&self, manner_of: MannerOf) -> Option<Identity> {
        let Definition { predicate, keys, .. } = self.definition.as_ref();
        // Boxes that have grown serve no other distances.
        if matches!(predicate.distance, Distance::Left(_)) {
            return None;
        }
        let is_of_boxes = predicate.relation == Relation::BoundsIntersect;
        let form = Form::Joined { surface: predicate.surface, is_of_boxes };
        let values = std::iter::once(&predicate.left).chain(keys.left());
        Identity::of(self.join.left(), values, form, manner_of)
    }

    /// Returns whether the edges of left polygons can be looked through run by run.
    pub(super) fn has_runs(&self) -> bool {
        self.definition.has_runs()
    }

    /// Returns the rows of the left side, once they are collected.
    pub(super) fn rows(&self) -> &Arc<MadeOnce<BuildRows>> {
        &self.rows
    }

    /// Returns the join over rows that other joins of the plan share, and other queries if they
    /// are kept.
    pub(super) fn sharing(
        &self,
        rows: Arc<MadeOnce<BuildRows>>,
        keeping: Option<Keeping>,
    ) -> Result<Self> {
        Ok(Self {
            join: NestedLoopJoinExecBuilder::from(&self.join).build()?,
            definition: Arc::clone(&self.definition),
            rows,
            keeping,
            build: MadeOnce::default(),
            build_metrics: OnceLock::new(),
            bounds: self.bounds.clone(),
            metrics: ExecutionPlanMetricsSet::new(),
        })
    }

    /// Returns how the geometries of the sides are related.
    pub(super) fn predicate(&self) -> &SpatialPredicate {
        &self.definition.predicate
    }

    /// Returns the join over inputs of which the right one knows of the bounds.
    pub(super) fn with_bounds(
        &self,
        left: Arc<dyn ExecutionPlan>,
        right: Arc<dyn ExecutionPlan>,
        bounds: ProbeBounds,
    ) -> Result<Option<Self>> {
        let join = self.nested_loop(left, right)?;
        let join = Self::from_nested_loop(&join)?;
        Ok(join.map(|join| Self { bounds: Some(bounds), ..join }))
    }

    fn nested_loop(
        &self,
        left: Arc<dyn ExecutionPlan>,
        right: Arc<dyn ExecutionPlan>,
    ) -> Result<NestedLoopJoinExec> {
        NestedLoopJoinExecBuilder::new(left, right, self.join_type())
            .with_filter(self.join.filter().cloned())
            .with_projection_ref(self.join.projection().clone())
            .build()
    }

    /// Returns the columns of the result, by the side that they are of.
    pub(super) fn columns(&self) -> &[ColumnIndex] {
        self.definition.output.columns()
    }

    /// Returns the aggregates of one partition of the right side by left rows.
    pub(super) fn execute_grouped(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
        grouping: &Arc<Grouping>,
    ) -> Result<SendableRecordBatchStream> {
        let reservation =
            MemoryConsumer::new("SpatialGroupJoinExec").register(context.memory_pool());
        let batch_size = context.session_config().batch_size();
        let groups = Groups::new(Arc::clone(grouping), batch_size, reservation)?;
        let output = Output::Groups(Box::new(groups));
        self.probe(partition, context, Arc::clone(grouping.schema()), output)
    }

    /// Returns what becomes of the pairs of one partition of the right side.
    fn probe(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
        schema: SchemaRef,
        output: Output,
    ) -> Result<SendableRecordBatchStream> {
        let left = self.join.left();
        if left.output_partitioning().partition_count() != 1 {
            return internal_err!("the left input of a spatial join must have one partition");
        }
        let probe_count = self.join.right().output_partitioning().partition_count();
        let batch_size = context.session_config().batch_size();
        let spill = |schema| {
            let metrics = SpillMetrics::new(&self.metrics, partition);
            SpillManager::new(context.runtime_env(), metrics, schema)
        };
        let build_metrics = self.build_metrics.get_or_init(|| BuildMetrics::new(&self.metrics));
        let rows = self.rows.get_or_find(|| {
            if let Some(rows) = self.keeping.as_ref().and_then(Keeping::find::<BuildRows>) {
                build_metrics.found(&self.metrics, rows.memory_size());
                return Ok(ready(Ok(rows)).boxed());
            }
            let collected = BuildRows::collect(
                left.execute(0, Arc::clone(&context))?,
                Arc::clone(&self.definition),
                Arc::clone(context.memory_pool()),
                build_metrics.clone(),
                spill(left.schema()),
            );
            let keeping = self.keeping.clone();
            let kept = async move {
                let rows = Arc::new(collected.await?);
                if let Some(keeping) = keeping {
                    keeping.keep(&rows);
                }
                Ok::<_, DataFusionError>(rows)
            };
            Ok(kept.boxed())
        })?;
        let build = self.build.get_or_start(|| {
            let (definition, pool) =
                (Arc::clone(&self.definition), Arc::clone(context.memory_pool()));
            let (bounds, metrics) = (self.bounds.clone(), build_metrics.clone());
            let lease = self.keeping.as_ref().map(Keeping::lease);
            Ok(async move {
                let rows = rows.await.map_err(DataFusionError::Shared)?;
                // Only all rows together can say which boxes have to be met.
                if let (Some(bounds), None) = (bounds, rows.rest()) {
                    publish(&bounds, &rows, &definition.predicate.distance)?;
                }
                let build = BuildSide::try_new(rows, &definition, probe_count, &pool, metrics)?;
                Ok(build.with_lease(lease))
            })
        })?;
        let spill = spill(self.join.right().schema());
        let pool = Arc::clone(context.memory_pool());
        let probe = Probe::new(
            self.join.right().execute(partition, context)?,
            build,
            Arc::clone(&self.definition),
            output,
            Place { batch_size, pool, spill, build_metrics: build_metrics.clone() },
            ProbeMetrics::new(&self.metrics, partition),
        );
        let stream = RecordBatchStreamAdapter::new(schema, probe.into_stream());
        Ok(make_cooperative(Box::pin(stream)))
    }

    fn with_inputs(&self, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([left, right]) = <[Arc<dyn ExecutionPlan>; 2]>::try_from(children) else {
            return internal_err!("a spatial join has two inputs");
        };
        let join = self.nested_loop(left, right)?;
        match Self::from_nested_loop(&join)? {
            // The plan below still has the filter.
            Some(join) => Ok(Arc::new(Self { bounds: self.bounds.clone(), ..join })),
            None => Ok(Arc::new(join)),
        }
    }
}

impl DisplayAs for SpatialJoinExec {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut Formatter<'_>) -> std::fmt::Result {
        if format == DisplayFormatType::TreeRender {
            writeln!(f, "join_type={:?}", self.join_type())?;
            return writeln!(f, "on={}", self.definition.predicate);
        }
        let predicate = &self.definition.predicate;
        write!(f, "SpatialJoinExec: join_type={:?}, on={predicate}", self.join_type())?;
        for (position, condition) in self.definition.conditions().enumerate() {
            let before = if position == 0 { ", filter=" } else { " AND " };
            write!(f, "{before}{}", condition.expression)?;
        }
        if self.join.contains_projection() {
            let schema = self.schema();
            let names: Vec<&str> =
                schema.fields().iter().map(|field| field.name().as_str()).collect();
            write!(f, ", projection=[{}]", names.join(", "))?;
        }
        Ok(())
    }
}

impl Display for SpatialPredicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(left.{}, right.{}", self.relation.function(), self.left, self.right)?;
        match &self.distance {
            _ if self.relation != Relation::DWithin => {}
            Distance::Constant(distance) => write!(f, ", {distance}")?,
            Distance::Left(distances) => write!(f, ", left.{}", distances.expression)?,
            Distance::Right(distances) => write!(f, ", right.{}", distances.expression)?,
        }
        f.write_str(")")?;
        match self.surface {
            Surface::Plane => Ok(()),
            Surface::Earth(Figure::Sphere) => f.write_str(" on the sphere"),
            Surface::Earth(Figure::Spheroid) => f.write_str(" on the spheroid"),
        }
    }
}

impl ExecutionPlan for SpatialJoinExec {
    fn name(&self) -> &'static str {
        "SpatialJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.join.properties()
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        self.join.input_distribution_requirements()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![false, false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![self.join.left(), self.join.right()]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        let predicate = &self.definition.predicate;
        let residual = self.definition.conditions().map(|condition| &condition.expression);
        let distance = match &predicate.distance {
            Distance::Constant(_) => None,
            Distance::Left(distances) | Distance::Right(distances) => Some(&distances.expression),
        };
        let geometries = [&predicate.left, &predicate.right];
        let roots = geometries.into_iter().chain(distance).chain(residual);
        apply_expression_roots(roots, f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.with_inputs(children)
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
        let batch_size = context.session_config().batch_size();
        let output = Output::Rows(Pending::new(&self.definition, batch_size));
        self.probe(partition, context, self.schema(), output)
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn schema(&self) -> SchemaRef {
        self.join.schema()
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        self.join.child_stats_requests(partition)
    }

    fn statistics_from_inputs(
        &self,
        input_stats: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        self.join.statistics_from_inputs(input_stats, args)
    }

    fn try_swapping_with_projection(
        &self,
        projection: &ProjectionExec,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        self.join.try_swapping_with_projection(projection)?.map(replace_joins).transpose()
    }
}
