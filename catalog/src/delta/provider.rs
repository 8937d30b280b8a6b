//! Delta tables as DataFusion sees them.

use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::catalog::Session;
use datafusion::datasource::TableProvider;
use datafusion::datasource::table_schema::TableSchema;
use godwit_formats::parquet_table;

use super::TableSnapshot;
use crate::CatalogError;
use crate::files::{FileTable, VisibleColumns};
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
    let partition_fields: Vec<_> = snapshot.partition_fields.iter().map(Arc::clone).collect();
    let table_schema = TableSchema::builder(Arc::new(Schema::new(snapshot.file_fields.clone())))
        .with_table_partition_cols(partition_fields)
        .build();
    let all = table_schema.table_schema();
    let columns = snapshot
        .schema
        .visible
        .iter()
        .filter_map(|index| all.index_of(snapshot.schema.table.field(*index).name()).ok())
        .collect();
    let options = session.default_table_options().parquet;
    let format = parquet_table(options, snapshot.schema.coverings());
    let table = FileTable::try_new(
        location.store_url()?,
        format,
        table_schema,
        columns,
        Arc::clone(files),
    )?;
    Ok(Arc::new(table))
}
