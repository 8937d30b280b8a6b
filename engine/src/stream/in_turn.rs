//! A union that is the result: the rows of its inputs one after the other, as `PostgreSQL` gives
//! them, so that a line of totals stays the last. The query engine gives rows as they come.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::{StreamExt as _, stream};

use super::spawned;

/// Starts a plan. The inputs of a union are computed side by side, and read in turn.
pub(crate) fn in_turn(
    plan: Arc<dyn ExecutionPlan>,
    context: &Arc<TaskContext>,
) -> Result<SendableRecordBatchStream> {
    let Some(union) = plan.downcast_ref::<UnionExec>() else {
        return execute_stream(plan, Arc::clone(context));
    };
    let inputs = union
        .inputs()
        .iter()
        .map(|input| in_turn(Arc::clone(input), context).map(spawned))
        .collect::<Result<Vec<_>>>()?;
    let rows = stream::iter(inputs).flatten();
    Ok(Box::pin(RecordBatchStreamAdapter::new(plan.schema(), rows)))
}
