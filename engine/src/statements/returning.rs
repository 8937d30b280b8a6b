//! `RETURNING`: a query over the rows that a statement wrote or removed.
//!
//! The rows are kept as they pass, booked in the memory pool. Behind the last one, and before
//! anything is committed, the result is computed: what fails there leaves the table as it was, and
//! subqueries see the tables as they were before the statement. Nothing is told before it is done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use datafusion::common::{DataFusionError, TableReference};
use datafusion::datasource::{MemTable, TableProvider as _, provider_as_source};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::logical_expr::{LogicalPlan, TableSource};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{iter, once};
use godwit_catalog::{CatalogError, Entry, fitted};
use parking_lot::Mutex;
use sqlparser::ast::{Expr, Query};

use super::{Step, query};
use crate::Value;
use crate::error::{Error, external};
use crate::plan::{Bound, Scope, bind, bind_over};
use crate::prepared::Parameter;
use crate::queries::RowCounter;
use crate::sql::rewrite::{self, OtherColumn};
use crate::sql::{RETURNED_ROWS, match_column};
use crate::stream::with_nulls;

/// The clause of a statement.
#[derive(Debug)]
pub(super) struct Clause {
    query: Query,
    /// What it asks for beside the rows, of the rows of other relations that match them.
    pub(super) asked: Vec<Expr>,
    /// The columns of the table, then what is asked for.
    pub(super) columns: SchemaRef,
}

impl Clause {
    /// Resolves the names of a clause over rows of a table with these columns.
    pub(super) async fn new(
        returning: &Query,
        others: Option<Query>,
        is_merge: bool,
        columns: &SchemaRef,
        parameters: &[Parameter],
        scope: &Scope,
    ) -> Result<Self, Error> {
        let (mut query, columns) = (returning.clone(), SchemaRef::clone(columns));
        let Some(others) = others else { return Ok(Self { query, asked: Vec::new(), columns }) };
        let plan = Box::pin(bind(others, scope)).await?.plan(known(parameters))?;
        let other = |(relation, field): (Option<&TableReference>, &FieldRef)| OtherColumn {
            relation: relation.map(|relation| relation.table().to_owned()),
            name: field.name().clone(),
        };
        let others: Vec<OtherColumn> = plan.schema().iter().map(other).collect();
        let own: Vec<String> = columns.fields().iter().map(|field| field.name().clone()).collect();
        rewrite::labels(&mut query)?;
        let asked = rewrite::returned(&mut query, &own, &others, is_merge)?;
        let mut fields: Vec<FieldRef> = columns.fields().iter().cloned().collect();
        for (index, asked) in asked.iter().enumerate() {
            let field = match asked.column.and_then(|column| plan.schema().fields().get(column)) {
                Some(field) => Field::clone(field),
                None => Field::new("", DataType::Utf8, true),
            };
            fields.push(Arc::new(field.with_name(match_column(index).value).with_nullable(true)));
        }
        let asked = asked.into_iter().map(|asked| asked.expr).collect();
        Ok(Self { query, asked, columns: Arc::new(Schema::new(fields)) })
    }

    /// Returns the plan of the clause over no rows.
    pub(super) async fn plan(
        &self,
        parameters: &[Parameter],
        scope: &Scope,
    ) -> Result<LogicalPlan, Error> {
        let (bound, _) = bound(&self.query, &with_nulls(&self.columns), scope).await?;
        bound.plan(known(parameters))
    }
}

/// The rows that a statement wrote or removed, and what the clause makes of them.
#[derive(Debug)]
pub(super) struct Returned {
    /// The columns that are written.
    written: SchemaRef,
    /// The columns of the rows, with the lengths that the table keeps of texts.
    stored: SchemaRef,
    pub(super) clause: Clause,
    /// The rows of each stream.
    batches: Mutex<BTreeMap<usize, Vec<RecordBatch>>>,
    /// How many streams have not come to their end.
    running: AtomicUsize,
    /// The query, over tables as they were before the statement.
    bound: Bound,
    /// The rows that the query reads, once all are there.
    rows: Arc<MemTable>,
    parameters: Vec<Parameter>,
    values: Vec<Value>,
    scope: Scope,
    result: Mutex<Option<Vec<RecordBatch>>>,
    reservation: MemoryReservation,
}

impl Returned {
    /// Returns a place for rows of a table with these columns, and opens the tables that the clause
    /// reads.
    pub(super) async fn new(
        clause: Clause,
        entry: &Entry,
        columns: &SchemaRef,
        parameters: &[Parameter],
        values: Vec<Value>,
        scope: &Scope,
    ) -> Result<Self, Error> {
        let schema = with_nulls(&clause.columns);
        let (bound, rows) = bound(&clause.query, &schema, scope).await?;
        let stored = Box::pin(scope.engine.catalog.with_constraints(entry, schema)).await?;
        let pool = &scope.state.runtime_env().memory_pool;
        let reservation = MemoryConsumer::new("ReturnedRows").register(pool);
        Ok(Self {
            written: with_nulls(columns),
            stored,
            clause,
            batches: Mutex::default(),
            running: AtomicUsize::new(0),
            bound,
            rows,
            parameters: parameters.to_vec(),
            values,
            scope: scope.clone(),
            result: Mutex::default(),
            reservation,
        })
    }

    /// Returns the streams, whose rows are kept as they pass. The last one that comes to its end
    /// fails if the clause does.
    pub(super) fn keep(
        this: &Arc<Self>,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Vec<SendableRecordBatchStream> {
        this.running.store(streams.len(), Ordering::Release);
        let keep = |(number, stream): (usize, SendableRecordBatchStream)| {
            let (kept, ending) = (Arc::clone(this), Arc::clone(this));
            let rows = stream.map(move |batch| kept.add(number, &batch?));
            let end = once(async move { ending.end().await });
            let failure = end.filter_map(|end| ready(end.err().map(Err::<RecordBatch, _>)));
            let schema = SchemaRef::clone(&this.written);
            let rows = RecordBatchStreamAdapter::new(schema, rows.chain(failure));
            Box::pin(rows) as SendableRecordBatchStream
        };
        streams.into_iter().enumerate().map(keep).collect()
    }

    /// Keeps rows, with texts as the table will have them, and returns what is written.
    fn add(&self, stream: usize, batch: &RecordBatch) -> Result<RecordBatch, DataFusionError> {
        let columns = batch.columns().iter().zip(self.stored.fields());
        let columns = columns
            .map(|(column, field)| fitted(Arc::clone(column), field))
            .collect::<Result<Vec<_>, CatalogError>>()
            .map_err(external)?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let width = self.written.fields().len();
        let written = columns.iter().take(width).map(Arc::clone).collect();
        let kept = RecordBatch::try_new_with_options(self.rows.schema(), columns, &options)?;
        self.reservation.try_grow(kept.get_array_memory_size())?;
        self.batches.lock().entry(stream).or_default().push(kept);
        let schema = SchemaRef::clone(&self.written);
        Ok(RecordBatch::try_new_with_options(schema, written, &options)?)
    }

    /// Computes the result if no other stream has rows to come.
    async fn end(&self) -> Result<(), DataFusionError> {
        if self.running.fetch_sub(1, Ordering::AcqRel) > 1 {
            return Ok(());
        }
        Box::pin(self.compute()).await.map_err(external)
    }

    async fn compute(&self) -> Result<(), Error> {
        let batches = std::mem::take(&mut *self.batches.lock());
        if let Some(place) = self.rows.batches.first() {
            *place.write().await = batches.into_values().flatten().collect();
        }
        let plan = self.bound.plan(known(&self.parameters))?;
        let values = self.values.clone();
        let plan = query::with_values(&self.bound, plan, &self.parameters, values)?;
        let (_, mut stream) = query::execute(&plan, &self.scope).await?;
        let mut result = Vec::new();
        while let Some(batch) = stream.next().await.transpose()? {
            self.reservation.try_grow(batch.get_array_memory_size())?;
            result.push(batch);
        }
        *self.result.lock() = Some(result);
        Ok(())
    }

    /// Returns what the clause made of the rows, in the columns that were announced. The rows that
    /// were written have been counted; now those of the result are.
    pub(super) async fn step(
        self: Arc<Self>,
        announced: SchemaRef,
        counter: &RowCounter,
    ) -> Result<Step, Error> {
        let mut result = self.result.lock().take();
        if result.is_none() {
            // There was nothing to write.
            Box::pin(self.compute()).await?;
            result = self.result.lock().take();
        }
        counter.restart();
        // The rows stay booked as long as they are read.
        let rows = iter(result.unwrap_or_default().into_iter().map(Ok)).inspect(move |_| {
            tracing::trace!(bytes = self.reservation.size(), "returned rows are read");
        });
        let stream = Box::pin(RecordBatchStreamAdapter::new(SchemaRef::clone(&announced), rows));
        Ok(Step::Rows { schema: announced, stream })
    }
}

/// Returns the fields of the parameters, whose types are known.
fn known(parameters: &[Parameter]) -> Vec<Option<FieldRef>> {
    parameters.iter().map(|known| Some(Arc::clone(&known.field))).collect()
}

/// Opens the tables of the clause, and returns the table that its rows are put in.
async fn bound(
    returning: &Query,
    schema: &SchemaRef,
    scope: &Scope,
) -> Result<(Bound, Arc<MemTable>), Error> {
    let rows = Arc::new(MemTable::try_new(SchemaRef::clone(schema), vec![Vec::new()])?);
    let source: Arc<dyn TableSource> = provider_as_source(Arc::<MemTable>::clone(&rows));
    let named = Some((RETURNED_ROWS, &source));
    Ok((Box::pin(bind_over(returning.clone(), named, scope)).await?, rows))
}
