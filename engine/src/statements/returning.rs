//! `RETURNING`: a query over the rows that a statement wrote or removed.
//!
//! Nothing may be told before the statement is done, so the rows are kept until then, booked in the
//! memory pool.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::common::DataFusionError;
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt as _;
use parking_lot::Mutex;
use sqlparser::ast::Query;

use super::{Step, query};
use crate::error::Error;
use crate::plan::{Scope, bind_over, schema_of};
use crate::queries::RowCounter;
use crate::sql::RETURNED_ROWS;
use crate::stream::with_nulls;

/// The rows that a statement wrote or removed.
#[derive(Debug)]
pub(super) struct Returned {
    schema: SchemaRef,
    /// What each stream gave.
    batches: Mutex<BTreeMap<usize, Vec<RecordBatch>>>,
    reservation: MemoryReservation,
}

impl Returned {
    /// Returns a place for rows of a table with these columns.
    pub(super) fn new(columns: &SchemaRef, scope: &Scope) -> Self {
        let pool = &scope.state.runtime_env().memory_pool;
        let reservation = MemoryConsumer::new("ReturnedRows").register(pool);
        Self { schema: with_nulls(columns), batches: Mutex::default(), reservation }
    }

    /// Returns the streams, whose rows are kept as they pass.
    pub(super) fn keep(
        this: &Arc<Self>,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Vec<SendableRecordBatchStream> {
        let keep = |(number, stream): (usize, SendableRecordBatchStream)| {
            let (kept, schema) = (Arc::clone(this), stream.schema());
            let rows = stream.map(move |batch| kept.add(number, batch?));
            Box::pin(RecordBatchStreamAdapter::new(schema, rows)) as SendableRecordBatchStream
        };
        streams.into_iter().enumerate().map(keep).collect()
    }

    fn add(&self, stream: usize, batch: RecordBatch) -> Result<RecordBatch, DataFusionError> {
        self.reservation.try_grow(batch.get_array_memory_size())?;
        self.batches.lock().entry(stream).or_default().push(batch.clone());
        Ok(batch)
    }

    /// Returns what the clause makes of the rows, in the columns that were announced. The rows that
    /// were written have been counted; now those of the result are.
    pub(super) async fn step(
        self: Arc<Self>,
        returning: &Query,
        announced: SchemaRef,
        scope: &Scope,
        counter: &RowCounter,
    ) -> Result<Step, Error> {
        counter.restart();
        let batches = std::mem::take(&mut *self.batches.lock());
        let batches = batches.into_values().flatten().collect();
        let plan = plan(returning, &self.schema, batches, scope).await?;
        let (_, stream) = query::execute(&plan, scope).await?;
        let schema = stream.schema();
        // The rows stay booked as long as they are read.
        let rows = stream.inspect(move |_| {
            tracing::trace!(bytes = self.reservation.size(), "returned rows are read");
        });
        let stream = Box::pin(RecordBatchStreamAdapter::new(schema, rows));
        Ok(Step::Rows { schema: announced, stream })
    }
}

/// Returns the columns of the result of the clause, over rows of a table with these columns.
pub(super) async fn schema(
    returning: &Query,
    columns: &SchemaRef,
    scope: &Scope,
) -> Result<SchemaRef, Error> {
    let plan = plan(returning, &with_nulls(columns), Vec::new(), scope).await?;
    let options = scope.state.config_options();
    let analyzed = scope.state.analyzer().execute_and_check(plan, options, |_, _| {})?;
    Ok(schema_of(&analyzed))
}

async fn plan(
    returning: &Query,
    schema: &SchemaRef,
    batches: Vec<RecordBatch>,
    scope: &Scope,
) -> Result<LogicalPlan, Error> {
    let rows = MemTable::try_new(SchemaRef::clone(schema), vec![batches])?;
    let source = provider_as_source(Arc::new(rows));
    let named = Some((RETURNED_ROWS, &source));
    Box::pin(bind_over(returning.clone(), named, scope)).await?.plan(Vec::new())
}
