//! The physical operator.

use std::fmt::Formatter;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan,
    ExecutionPlanProperties as _, PlanProperties, ReplaceChildrenOptions,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::ROW;
use crate::memory::bytes_of;
use crate::shared::MadeOnce;

/// The rows of an input, collected once, and last their numbers.
///
/// Whichever spool of a name is read first computes the rows, from its own input. They are kept in
/// memory, which is booked.
#[derive(Debug)]
pub(crate) struct SpoolExec {
    spool_name: String,
    input: Arc<dyn ExecutionPlan>,
    rows: Arc<MadeOnce<Rows>>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

/// Collected rows.
#[derive(Debug)]
struct Rows {
    batches: Vec<RecordBatch>,
    _reservation: Arc<MemoryReservation>,
}

impl SpoolExec {
    /// Returns the spool of a name over an input.
    pub(crate) fn new(spool_name: String, input: Arc<dyn ExecutionPlan>) -> Self {
        let schema = input.schema();
        let number: FieldRef = Arc::new(Field::new(ROW, DataType::Int64, false));
        let fields: Fields = schema.fields().iter().cloned().chain([number]).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        let partitioning =
            Partitioning::UnknownPartitioning(input.output_partitioning().partition_count());
        let equivalences = EquivalenceProperties::new(Arc::clone(&schema));
        let properties = Arc::new(PlanProperties::new(
            equivalences,
            partitioning,
            EmissionType::Final,
            Boundedness::Bounded,
        ));
        Self { spool_name, input, rows: Arc::default(), schema, properties }
    }

    /// Returns the name that spools of the same rows have.
    pub(crate) fn spool_name(&self) -> &str {
        &self.spool_name
    }

    /// Returns what the rows are computed by.
    pub(crate) fn input(&self) -> &Arc<dyn ExecutionPlan> {
        &self.input
    }

    /// Returns this spool reading the rows of another one.
    pub(crate) fn sharing(&self, other: &Self) -> Self {
        Self {
            spool_name: self.spool_name.clone(),
            input: Arc::clone(&self.input),
            rows: Arc::clone(&other.rows),
            schema: Arc::clone(&self.schema),
            properties: Arc::clone(&self.properties),
        }
    }
}

impl DisplayAs for SpoolExec {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut Formatter<'_>) -> std::fmt::Result {
        match format {
            DisplayFormatType::TreeRender => writeln!(f, "{}", self.spool_name),
            _ => write!(f, "SpoolExec: {}", self.spool_name),
        }
    }
}

impl ExecutionPlan for SpoolExec {
    fn name(&self) -> &'static str {
        "SpoolExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else {
            return internal_err!("a spool has one input");
        };
        Ok(Arc::new(Self::new(self.spool_name.clone(), input)))
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
        let partitions = self.properties.output_partitioning().partition_count();
        let rows = self.rows.get_or_start(|| {
            let count = self.input.output_partitioning().partition_count();
            let inputs = (0..count).map(|part| self.input.execute(part, Arc::clone(&context)));
            let inputs = inputs.collect::<Result<Vec<_>>>()?;
            let reservation = MemoryConsumer::new("SpoolExec").register(context.memory_pool());
            Ok(collect(inputs, Arc::clone(&self.schema), Arc::new(reservation)))
        })?;
        let batches = stream::once(rows).map_err(DataFusionError::Shared).map_ok(move |rows| {
            // Every partition has its share of the batches, whichever spool has collected them.
            let own = rows.batches.iter().skip(partition).step_by(partitions).cloned();
            stream::iter(own.map(Ok).collect::<Vec<_>>())
        });
        let schema = Arc::clone(&self.schema);
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches.try_flatten())))
    }
}

/// Reads all partitions at once and numbers their rows.
async fn collect(
    inputs: Vec<SendableRecordBatchStream>,
    schema: SchemaRef,
    reservation: Arc<MemoryReservation>,
) -> Result<Rows> {
    let tasks: Vec<_> = inputs
        .into_iter()
        .map(|input| SpawnedTask::spawn(read(input, Arc::clone(&reservation))))
        .collect();
    let mut batches = Vec::new();
    let mut next = 0;
    for task in tasks {
        let read = task.join().await.map_err(|error| DataFusionError::External(error.into()))?;
        for batch in read? {
            batches.push(numbered(&batch, &schema, &mut next)?);
        }
    }
    Ok(Rows { batches, _reservation: reservation })
}

async fn read(
    mut input: SendableRecordBatchStream,
    reservation: Arc<MemoryReservation>,
) -> Result<Vec<RecordBatch>> {
    let mut batches = Vec::new();
    while let Some(batch) = input.next().await.transpose()? {
        if batch.num_rows() > 0 {
            reservation.try_grow(bytes_of(&batch) + batch.num_rows() * size_of::<i64>())?;
            batches.push(batch);
        }
    }
    Ok(batches)
}

/// Returns a batch with the numbers of its rows, and moves on to that of the row behind.
fn numbered(batch: &RecordBatch, schema: &SchemaRef, next: &mut i64) -> Result<RecordBatch> {
    let first = *next;
    *next += i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(first..*next));
    let columns = batch.columns().iter().cloned().chain([numbers]);
    Ok(RecordBatch::try_new(Arc::clone(schema), columns.collect())?)
}
