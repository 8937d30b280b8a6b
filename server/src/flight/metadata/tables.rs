//! `GetTables` and `GetTableTypes`.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow_flight::sql::metadata::GetTablesBuilder;
use arrow_flight::sql::{CommandGetTableTypes, CommandGetTables};
use godwit_engine::{TableFilter, TableInfo, TableKind};

use super::super::call::Call;
use super::super::service::Shared;
use super::super::status::Failure;
use super::super::wire::{GeometryFormat, wire_schema};
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
    let filter = TableFilter {
        catalog: any_catalog(command.catalog),
        schema_pattern: command.db_schema_filter_pattern,
        table_pattern: command.table_name_filter_pattern,
        types: command.table_types.into_iter().map(known_type).collect(),
        with_schema: command.include_schema,
    };
    let tables = call.session(shared, &call.settings).tables(&filter).await;

    let unfiltered = None::<String>;
    let mut builder = GetTablesBuilder::new(
        unfiltered.clone(),
        unfiltered.clone(),
        unfiltered,
        Vec::<String>::new(),
        filter.with_schema,
    );
    for table in &tables {
        let schema = table_schema(table, call.settings.geometry);
        let kind = table.kind.flight_name();
        builder
            .append(&table.catalog, &table.schema, &table.name, kind, &schema)
            .map_err(|error| unbuilt(&error))?;
    }
    builder.build().map_err(|error| unbuilt(&error))
}

/// Accepts the name that the SQL standard gives to tables.
fn known_type(name: String) -> String {
    if name == TableKind::Table.standard_name() {
        return TableKind::Table.flight_name().to_owned();
    }
    name
}

/// Returns the columns of a table as clients see them: in wire form, with the table's names.
///
/// Columns of results may always be null. Here a stored column that takes no nulls says so.
fn table_schema(table: &TableInfo, geometry: GeometryFormat) -> Schema {
    let Some(columns) = &table.arrow_schema else { return Schema::empty() };
    let named = HashMap::from([
        ("ARROW:FLIGHT:SQL:CATALOG_NAME".to_owned(), table.catalog.clone()),
        ("ARROW:FLIGHT:SQL:DB_SCHEMA_NAME".to_owned(), table.schema.clone()),
        // The Java driver reads this key, the specification names the one above.
        ("ARROW:FLIGHT:SQL:SCHEMA_NAME".to_owned(), table.schema.clone()),
        ("ARROW:FLIGHT:SQL:TABLE_NAME".to_owned(), table.name.clone()),
    ]);
    let wire = wire_schema(columns, geometry);
    let fields = wire.fields().iter().zip(columns.fields()).map(|(field, stored)| {
        let takes_nulls = table.kind != TableKind::Table || stored.is_nullable();
        let mut field = field.as_ref().clone().with_nullable(takes_nulls);
        field.metadata_mut().extend(named.clone());
        field
    });
    Schema::new(fields.collect::<Vec<_>>())
}
