//! `CREATE TABLE` and `COPY`: rows of a query into a new table or file.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream_partitioned;
use godwit_catalog::{CreateMode, TableFormat, TableSpec, Written};
use sqlparser::ast::ColumnDef;

use super::cluster::{clustered, spelled};
use super::ready::{Ready, Work};
use super::{definitions, query, target};
use crate::Value;
use crate::error::{Code, Error};
use crate::outcome::Completion;
use crate::plan::{Scope, empty_context, field_of_type, schema_of, text_length};
use crate::queries::RowCounter;
use crate::sql::{Copy, CreateSource, CreateTable, GeometryModifiers};
use crate::stream::written;

pub(super) async fn create_table(
    create: &CreateTable,
    ready: Ready,
    values: Vec<Value>,
    counter: &RowCounter,
) -> Result<Completion, Error> {
    let Ready { scope, work, parameters, .. } = ready;
    let mode = definitions::mode(create.or_replace, create.if_not_exists);
    let name = target::new_object(&create.name, create.is_temporary, mode, &scope)?;
    definitions::require_schema(&name, &scope).await?;
    let catalog = &scope.engine.catalog;
    if mode == CreateMode::IfNotExists && catalog.entry(&name).is_some() {
        return Ok(Completion { operation: "CREATE TABLE", rows_affected: Some(0), version: None });
    }
    let mut spec = TableSpec {
        format: table_format(create.format.as_deref())?,
        partition_by: Vec::new(),
        cluster_by: Vec::new(),
        is_declared: matches!(create.source, CreateSource::Columns(_)),
        location: create.location.clone(),
        comment: create.comment.clone(),
        properties: create.properties.clone(),
    };
    let (schema, streams) = match (&create.source, work) {
        (CreateSource::Query(_), Work::Query(bound, plan)) => {
            let plan = query::with_values(&bound, plan, &parameters, values)?;
            spec.partition_by = spelled(&plan, &create.partitioned_by, "PARTITIONED BY")?;
            spec.cluster_by = spelled(&plan, &create.cluster_by, "CLUSTER BY")?;
            let plan = clustered(plan, &create.cluster_by)?;
            start(&plan, &scope, counter).await?
        }
        (CreateSource::Columns(_), _) => {
            spec.partition_by =
                create.partitioned_by.iter().map(|column| column.value.clone()).collect();
            (columns(create, spec.format, &scope)?, Vec::new())
        }
        _ => return Err(Error::new(Code::Internal, "a table was created without a query")),
    };
    check_columns(&schema)?;
    let written = Box::pin(catalog.create_table(&name, &spec, mode, schema, streams)).await?;
    Ok(done("CREATE TABLE", &written))
}

pub(super) async fn copy(
    copy: &Copy,
    ready: Ready,
    values: Vec<Value>,
    counter: &RowCounter,
) -> Result<Completion, Error> {
    let Ready { scope, work, parameters, .. } = ready;
    let Work::Query(bound, plan) = work else {
        return Err(Error::new(Code::Internal, "COPY was planned without a query"));
    };
    let plan = query::with_values(&bound, plan, &parameters, values)?;
    let partition_by = spelled(&plan, &copy.partitioned_by, "PARTITIONED BY")?;
    let plan = clustered(plan, &copy.cluster_by)?;
    let (schema, streams) = start(&plan, &scope, counter).await?;
    let written = Box::pin(scope.engine.catalog.copy_to(
        &copy.location,
        copy.format.as_deref(),
        &copy.options,
        &partition_by,
        schema,
        streams,
    ))
    .await?;
    Ok(done("COPY", &written))
}

/// Returns what a write did.
pub(super) fn done(operation: &'static str, written: &Written) -> Completion {
    Completion { operation, rows_affected: Some(written.rows), version: written.version }
}

/// Starts a plan with one stream a partition; returns its columns too.
pub(super) async fn start(
    plan: &LogicalPlan,
    scope: &Scope,
    counter: &RowCounter,
) -> Result<(SchemaRef, Vec<SendableRecordBatchStream>), Error> {
    let optimized = scope.state.optimize(plan)?;
    let schema = schema_of(&optimized);
    let physical = query::physical(&optimized, scope).await?;
    let streams = execute_stream_partitioned(physical, scope.task_context())?;
    let streams =
        streams.into_iter().map(|stream| written(stream, &schema, counter.clone())).collect();
    Ok((schema, streams))
}

pub(super) fn table_format(name: Option<&str>) -> Result<TableFormat, Error> {
    match name.map(str::to_uppercase).as_deref() {
        None | Some("DELTA") => Ok(TableFormat::Delta),
        Some("GEOPARQUET" | "PARQUET") => Ok(TableFormat::GeoParquet),
        Some(other) => {
            Err(Error::new(Code::InvalidParameter, format!("a table cannot be stored as {other}"))
                .with_hint("Type USING DELTA or USING GEOPARQUET; COPY writes other formats."))
        }
    }
}

/// Returns the columns of a table that is created empty. Delta tables keep the lengths of texts and
/// the kinds of geometries.
fn columns(create: &CreateTable, format: TableFormat, scope: &Scope) -> Result<SchemaRef, Error> {
    let CreateSource::Columns(columns) = &create.source else {
        return Err(Error::new(Code::Internal, "a table without columns"));
    };
    let context = empty_context(scope);
    let mut fields = Vec::with_capacity(columns.len());
    for column in columns {
        let mut is_nullable = true;
        for option in &column.options {
            match &option.option {
                sqlparser::ast::ColumnOption::Null => {}
                sqlparser::ast::ColumnOption::NotNull => is_nullable = false,
                other => {
                    return Err(Error::unsupported(format!(
                        "column \"{}\": {other} is not supported",
                        column.name.value
                    ))
                    .with_hint("Leave it out: of a column there is its type and NOT NULL."));
                }
            }
        }
        let field = field_of_type(&context, &column.name.value, &column.data_type)?;
        let field = field.with_nullable(is_nullable);
        fields.push(if format == TableFormat::Delta { demanding(field, column)? } else { field });
    }
    Ok(Arc::new(Schema::new(fields)))
}

/// Returns the field with what its column demands of values: the length of texts, the kind of
/// geometries.
fn demanding(field: Field, column: &ColumnDef) -> Result<Field, Error> {
    let field = match text_length(&column.data_type)? {
        Some(length) => length.annotate(field),
        None => field,
    };
    let modifiers = GeometryModifiers::of(&column.data_type)?;
    Ok(match modifiers.and_then(|modifiers| modifiers.kind) {
        Some(kind) => kind.annotate(field),
        None => field,
    })
}

/// Checks that every column has a name of its own, whatever the case.
pub(super) fn check_columns(schema: &SchemaRef) -> Result<(), Error> {
    let mut seen = std::collections::HashSet::new();
    for field in schema.fields() {
        if field.name().is_empty() {
            return Err(
                Error::new(Code::SyntaxError, "a column has no name").with_hint("Name it with AS.")
            );
        }
        if !seen.insert(field.name().to_lowercase()) {
            return Err(Error::new(
                Code::AmbiguousColumn,
                format!("two columns are named \"{}\"", field.name()),
            )
            .with_hint("Give one of them another name with AS."));
        }
    }
    if schema.fields().is_empty() {
        return Err(Error::new(Code::SyntaxError, "a table needs at least one column"));
    }
    Ok(())
}
