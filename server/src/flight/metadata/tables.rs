//! `GetTables` and `GetTableTypes`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow_flight::sql::{CommandGetTableTypes, CommandGetTables};
use bytes::Bytes;
use godwit_engine::{TableFilter, TableInfo, TableKind};

use super::super::call::Call;
use super::super::service::Shared;
use super::super::status::Failure;
use super::{any_catalog, unbuilt};

/// Every type of table.
const TABLE_TYPES: [TableKind; 4] =
    [TableKind::Temporary, TableKind::System, TableKind::Table, TableKind::View];

/// Returns the schema of `GetTableTypes`.
pub(super) fn types_schema() -> SchemaRef {
    CommandGetTableTypes {}.into_builder().schema()
}

/// Returns the types of tables.
pub(super) fn types() -> Result<RecordBatch, Failure> {
    let mut builder = CommandGetTableTypes {}.into_builder();
    for kind in TABLE_TYPES {
        builder.append(kind.flight_name());
    }
    builder.build().map_err(|error| unbuilt(&error))
}

/// Returns the schema of `GetTables`, which depends on whether columns are asked for.
pub(super) fn schema(command: &CommandGetTables) -> SchemaRef {
    command.clone().into_builder().schema()
}

/// Returns the tables that match the filters. A table that cannot be read is listed without
/// columns: one broken file must not hide the others.
pub(super) async fn rows(
    shared: &Shared,
    call: &Call,
    command: CommandGetTables,
) -> Result<RecordBatch, Failure> {
    let wanted = schema(&command);
    let filter = TableFilter {
        catalog: any_catalog(command.catalog),
        schema_pattern: command.db_schema_filter_pattern,
        table_pattern: command.table_name_filter_pattern,
        types: command.table_types.into_iter().map(known_type).collect(),
        with_schema: command.include_schema,
    };
    let tables = call.session(shared, &call.settings).tables(&filter).await?;

    let names = |name: fn(&TableInfo) -> &str| {
        let names: StringArray = tables.iter().map(|table| Some(name(table))).collect();
        Arc::new(names) as ArrayRef
    };
    let mut columns = vec![
        names(|table| &table.catalog),
        names(|table| &table.schema),
        names(|table| &table.name),
        names(|table| table.kind.flight_name()),
    ];
    if filter.with_schema {
        let encoded = tables.iter().map(|table| shared.columns.of(table, call.settings.geometry));
        let encoded = encoded.collect::<Result<Vec<_>, _>>()?;
        // Megabytes for many tables, which are not to be moved as the column grows.
        let size = encoded.iter().map(Bytes::len).sum();
        let mut schemas = BinaryBuilder::with_capacity(encoded.len(), size);
        for schema in &encoded {
            schemas.append_value(schema);
        }
        columns.push(Arc::new(schemas.finish()));
    }
    Ok(RecordBatch::try_new(wanted, columns)?)
}

/// Accepts the name that the SQL standard gives to tables.
fn known_type(name: String) -> String {
    if name == TableKind::Table.standard_name() {
        return TableKind::Table.flight_name().to_owned();
    }
    name
}
