//! What is read already and what is not, as an input of the sort of the query engine.

use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::{StreamExt as _, stream};
use parking_lot::Mutex;

use super::collect::Partition;

/// A partition that can be read once.
struct Once {
    schema: SchemaRef,
    partition: Mutex<Option<Partition>>,
}

/// Returns the partitions as the input of another operator.
pub(super) fn input(
    schema: &SchemaRef,
    partitions: Vec<Partition>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let partitions = partitions.into_iter().map(|partition| {
        let partition = Mutex::new(Some(partition));
        Arc::new(Once { schema: Arc::clone(schema), partition }) as Arc<dyn PartitionStream>
    });
    let partitions = partitions.collect();
    let input = StreamingTableExec::try_new(Arc::clone(schema), partitions, None, [], false, None)?;
    Ok(Arc::new(input))
}

impl PartitionStream for Once {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = Arc::clone(&self.schema);
        let Some(Partition { blocks, batches, rest }) = self.partition.lock().take() else {
            let again = Err(internal_datafusion_err!("rows are handed over once"));
            return Box::pin(RecordBatchStreamAdapter::new(schema, stream::iter([again])));
        };
        let rest = stream::iter(rest).flatten();
        let batches = blocks.into_iter().map(|block| block.rows).chain(batches);
        let rows = stream::iter(batches).map(Ok).chain(rest);
        Box::pin(RecordBatchStreamAdapter::new(schema, rows))
    }
}

impl Debug for Once {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Once").field("schema", &self.schema).finish_non_exhaustive()
    }
}
