//! Tables with columns that are not for their users.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::datasource::{TableProvider, TableType};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

/// A table that shows some of its columns, in an order of its own.
#[derive(Debug)]
pub(crate) struct VisibleColumns {
    inner: Arc<dyn TableProvider>,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl VisibleColumns {
    /// Returns the table with some of its columns, by their places.
    pub(crate) fn try_new(inner: Arc<dyn TableProvider>, columns: &[usize]) -> Result<Self> {
        let schema = Arc::new(inner.schema().project(columns)?);
        Ok(Self { inner, columns: columns.to_vec(), schema })
    }
}

#[async_trait]
impl TableProvider for VisibleColumns {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        self.inner.supports_filters_pushdown(filters)
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = projected(&self.columns, projection);
        self.inner.scan(session, Some(&columns), filters, limit).await
    }
}

/// Returns the places of the columns that a projection of the shown ones takes.
pub(super) fn projected(columns: &[usize], projection: Option<&Vec<usize>>) -> Vec<usize> {
    match projection {
        Some(shown) => shown.iter().filter_map(|index| columns.get(*index).copied()).collect(),
        None => columns.to_vec(),
    }
}
