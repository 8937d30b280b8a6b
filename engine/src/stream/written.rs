//! The rows of a query on their way into a table or file.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt as _;

use super::align;
use crate::queries::RowCounter;

/// Returns the stream with this schema, counting its rows.
pub(crate) fn written(
    stream: SendableRecordBatchStream,
    schema: &SchemaRef,
    counter: RowCounter,
) -> SendableRecordBatchStream {
    let target = SchemaRef::clone(schema);
    let rows = stream.map(move |batch| {
        let batch = batch?;
        counter.count(batch.num_rows());
        align(&batch, &target).map_err(DataFusionError::from)
    });
    Box::pin(RecordBatchStreamAdapter::new(SchemaRef::clone(schema), rows))
}

/// Returns the schema with columns that take nulls. Whether they may have any is for the writer of
/// a table to say.
pub(crate) fn with_nulls(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter();
    let fields = fields.map(|field| Field::clone(field).with_nullable(true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Returns the stream with this schema.
pub(crate) fn align_stream(
    stream: SendableRecordBatchStream,
    schema: &SchemaRef,
) -> SendableRecordBatchStream {
    let target = SchemaRef::clone(schema);
    let rows = stream.map(move |batch| align(&batch?, &target).map_err(DataFusionError::from));
    Box::pin(RecordBatchStreamAdapter::new(SchemaRef::clone(schema), rows))
}
