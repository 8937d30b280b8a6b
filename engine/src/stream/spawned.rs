//! Computes rows on a task of their own, so that whoever reads them is never blocked by it.

use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use futures::StreamExt as _;

use crate::queries::unpanicked;

/// How many batches may wait for the reader.
const BUFFERED: usize = 2;

/// Returns the rows of a stream that runs on its own task, which ends when the rows are dropped.
pub(crate) fn spawned(mut stream: SendableRecordBatchStream) -> SendableRecordBatchStream {
    let mut builder = RecordBatchReceiverStreamBuilder::new(stream.schema(), BUFFERED);
    let rows = builder.tx();
    builder.spawn(async move {
        let pump = async {
            while let Some(batch) = stream.next().await {
                if rows.send(batch).await.is_err() {
                    // Nobody reads any more.
                    break;
                }
            }
        };
        unpanicked(pump).await.map_err(|error| DataFusionError::External(Box::new(error)))
    });
    builder.build()
}
