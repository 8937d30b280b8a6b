//! Delta tables as DataFusion sees them.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::datasource::{TableProvider, TableType};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use super::TableSnapshot;
use crate::CatalogError;
use crate::files::FileTable;
use crate::location::Location;

/// Returns the provider of a version of a table.
///
/// Tables that are nothing but Parquet files are read by the Parquet scan. Those with deletion
/// vectors, mapped columns or the like are read by the Delta library.
pub(crate) async fn provider(
    session: &dyn Session,
    location: &Location,
    snapshot: &TableSnapshot,
) -> Result<Arc<dyn TableProvider>, CatalogError> {
    let Some(files) = &snapshot.files else {
        let inner = snapshot.table.table_provider().await?;
        return Ok(Arc::new(VisibleColumns::try_new(inner, &snapshot.schema.visible)?));
    };
    let table_schema = TableSchema::builder(Arc::new(arrow::datatypes::Schema::new(
        snapshot.file_fields.clone(),
    )))
    .with_table_partition_cols(snapshot.partition_fields.iter().map(Arc::clone).collect::<Vec<_>>())
    .build();
    let all = table_schema.table_schema();
    let columns = snapshot
        .schema
        .visible
        .iter()
        .filter_map(|index| all.index_of(snapshot.schema.table.field(*index).name()).ok())
        .collect();
    let options = session.default_table_options().parquet;
    let format = Arc::new(ParquetFormat::default().with_options(options));
    let table =
        FileTable::try_new(location.store_url()?, format, table_schema, columns, Arc::clone(files))?;
    Ok(Arc::new(table))
}

/// A table without its hidden columns.
#[derive(Debug)]
struct VisibleColumns {
    inner: Arc<dyn TableProvider>,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl VisibleColumns {
    fn try_new(inner: Arc<dyn TableProvider>, columns: &[usize]) -> Result<Self> {
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
        let columns: Vec<usize> = match projection {
            Some(shown) => {
                shown.iter().filter_map(|index| self.columns.get(*index).copied()).collect()
            }
            None => self.columns.clone(),
        };
        self.inner.scan(session, Some(&columns), filters, limit).await
    }
}
