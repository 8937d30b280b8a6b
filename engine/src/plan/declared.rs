//! Shows the columns of a stored table with the types they were declared with.

use std::sync::Arc;

use datafusion::common::{Column, TableReference};
use datafusion::datasource::{TableProvider, ViewTable, provider_as_source};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, TableSource, cast};
use godwit_catalog::{declared_type, without_declared_type};

use crate::error::Error;

/// Returns the table, with a cast over each column that is stored as another type than it was
/// declared with.
pub(super) fn declared(
    name: &str,
    provider: Arc<dyn TableProvider>,
) -> Result<Arc<dyn TableSource>, Error> {
    let schema = provider.schema();
    let source = provider_as_source(provider);
    if schema.fields().iter().all(|field| declared_type(field).is_none()) {
        return Ok(source);
    }
    let relation = TableReference::bare(name);
    let shown = schema.fields().iter().map(|field| {
        let column = Expr::Column(Column::new(Some(relation.clone()), field.name()));
        let Some(data_type) = declared_type(field) else { return column };
        let metadata = without_declared_type(field).metadata().clone();
        cast(column, data_type).alias_with_metadata(field.name(), Some(metadata.into()))
    });
    let shown: Vec<Expr> = shown.collect();
    let plan = LogicalPlanBuilder::scan(relation, source, None)?.project(shown)?.build()?;
    Ok(provider_as_source(Arc::new(ViewTable::new(plan, None))))
}
