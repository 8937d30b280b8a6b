//! `SHOW` and `DESCRIBE`: rows the engine makes itself.

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use godwit_catalog::{Catalog, Entry, EntryKind, ExternalTable, TEMPORARY_SCHEMA};
use godwit_geometry::GeometryType;
use sqlparser::ast::ObjectName;

use super::{grants, target};
use crate::error::{Code, Error};
use crate::plan::{Scope, find_entry, table_schema};
use crate::session::Session;
use crate::sql::Show;
use crate::system::{Cell, Column, Type, batch};
use crate::tables::{self, TableFilter, TableKind, is_like};
use crate::{DEFAULT_CATALOG, runtime, sql_type_name};

const DESCRIPTION: &[Column] = &[
    ("column_name", Type::Text),
    ("data_type", Type::Text),
    ("is_nullable", Type::Text),
    ("crs", Type::Text),
];

/// Returns the rows of a `SHOW` statement.
pub(super) async fn rows(
    show: &Show,
    session: &Session,
    scope: &Scope,
) -> Result<RecordBatch, Error> {
    match show {
        Show::Tables { schema, like } => {
            let schema = schema.as_ref().map(|schema| escaped(&schema.value));
            show_tables(schema, like.clone(), scope).await
        }
        Show::Schemas { like } => {
            let schemas = session.schemas().into_iter();
            let rows = schemas.filter(|name| fits(like.as_deref(), name));
            batch(&[("schema_name", Type::Text)], rows.map(|name| vec![Cell::Text(name)]).collect())
        }
        Show::Databases { like } => {
            let rows = if fits(like.as_deref(), DEFAULT_CATALOG) {
                vec![vec![Cell::text(DEFAULT_CATALOG)]]
            } else {
                Vec::new()
            };
            batch(&[("database_name", Type::Text)], rows)
        }
        Show::Columns { table, like } => {
            let (_, schema) = Box::pin(table_schema(&target::parts(table)?, scope)).await?;
            let rows = description_rows(&schema, like.as_deref())?;
            batch(DESCRIPTION, rows)
        }
        Show::Functions { like } => show_functions(like.as_deref(), scope),
        Show::Create(name) => show_create(name, scope),
        Show::Queries => show_queries(scope),
        Show::Grants => grants::rows(session.principal()),
        Show::AllVariables => {
            let rows = variables(session);
            batch(&[("name", Type::Text), ("value", Type::Text)], rows)
        }
        Show::Variable(name) => show_variable(name, session),
    }
}

/// Returns the rows of `DESCRIBE table`.
pub(super) async fn describe(name: &ObjectName, scope: &Scope) -> Result<RecordBatch, Error> {
    let (_, schema) = Box::pin(table_schema(&target::parts(name)?, scope)).await?;
    description(&schema)
}

/// Returns one row for each column of a table or query.
pub(super) fn description(schema: &Schema) -> Result<RecordBatch, Error> {
    batch(DESCRIPTION, description_rows(schema, None)?)
}

/// Returns the columns of a description.
pub(super) fn description_schema() -> SchemaRef {
    batch(DESCRIPTION, Vec::new())
        .map_or_else(|_| SchemaRef::new(Schema::empty()), |batch| batch.schema())
}

fn description_rows(schema: &Schema, like: Option<&str>) -> Result<Vec<Vec<Cell>>, Error> {
    schema
        .fields()
        .iter()
        .filter(|field| fits(like, field.name()))
        .map(|field| {
            let crs = GeometryType::from_field(field)?.and_then(|geometry| geometry.crs);
            Ok(vec![
                Cell::text(field.name()),
                Cell::Text(sql_type_name(field)),
                Cell::text(if field.is_nullable() { "YES" } else { "NO" }),
                Cell::maybe(crs.map(|crs| crs.name())),
            ])
        })
        .collect()
}

async fn show_tables(
    schema: Option<String>,
    like: Option<String>,
    scope: &Scope,
) -> Result<RecordBatch, Error> {
    let is_asked = schema.is_some();
    let filter = TableFilter {
        schema_pattern: schema,
        table_pattern: like,
        // Without a schema, the user's own tables are meant.
        types: if is_asked { Vec::new() } else { TableKind::of_users() },
        ..TableFilter::default()
    };
    let tables = tables::list(scope, &filter).await;
    let rows = tables
        .into_iter()
        .map(|table| {
            vec![
                Cell::Text(table.schema),
                Cell::Text(table.name),
                Cell::text(table.kind.flight_name()),
                Cell::maybe(table.format),
                Cell::maybe(table.location),
                Cell::maybe(table.comment),
            ]
        })
        .collect();
    let columns = [
        ("table_schema", Type::Text),
        ("table_name", Type::Text),
        ("table_type", Type::Text),
        ("format", Type::Text),
        ("location", Type::Text),
        ("comment", Type::Text),
    ];
    batch(&columns, rows)
}

fn show_functions(like: Option<&str>, scope: &Scope) -> Result<RecordBatch, Error> {
    let state = &scope.engine.base;
    let own = godwit_udfs::catalogue();
    let mut rows: Vec<(String, Vec<Cell>)> = own
        .iter()
        .map(|function| {
            let cells = vec![
                Cell::text(function.kind.name()),
                Cell::text(function.signatures.join("; ")),
                Cell::text(function.summary),
            ];
            (function.name.clone(), cells)
        })
        .collect();
    let known: std::collections::HashSet<String> = own
        .iter()
        .flat_map(|function| {
            function.aliases.iter().map(|alias| alias.to_lowercase()).chain([function.name.clone()])
        })
        .collect();
    let kinds = [
        ("scalar", state.scalar_functions().keys().collect::<Vec<_>>()),
        ("aggregate", state.aggregate_functions().keys().collect()),
        ("window", state.window_functions().keys().collect()),
    ];
    for (kind, names) in kinds {
        for name in names {
            if !known.contains(name.as_str()) && !name.starts_with("godwit_") {
                rows.push((name.clone(), vec![Cell::text(kind), Cell::Null, Cell::Null]));
            }
        }
    }
    rows.retain(|(name, _)| fits(like, name));
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows = rows
        .into_iter()
        .map(|(name, mut cells)| {
            cells.insert(0, Cell::Text(name));
            cells
        })
        .collect();
    let columns = [
        ("function_name", Type::Text),
        ("function_type", Type::Text),
        ("signatures", Type::Text),
        ("summary", Type::Text),
    ];
    batch(&columns, rows)
}

fn show_queries(scope: &Scope) -> Result<RecordBatch, Error> {
    let queries = scope.engine.registry.list();
    let rows = queries
        .into_iter()
        .filter(|query| !query.state.is_ended() && scope.may_read(query))
        .map(|query| {
            vec![
                Cell::text(query.id.to_string()),
                Cell::text(query.state.name()),
                Cell::Text(query.user),
                Cell::text(query.protocol.name()),
                Cell::Number(i64::try_from(query.rows).unwrap_or(i64::MAX)),
                Cell::Time(query.submitted_at),
                Cell::Text(query.sql),
            ]
        })
        .collect();
    let columns = [
        ("query_id", Type::Text),
        ("state", Type::Text),
        ("user_name", Type::Text),
        ("protocol", Type::Text),
        ("rows", Type::Number),
        ("submitted_at", Type::Time),
        ("sql", Type::Text),
    ];
    batch(&columns, rows)
}

fn show_create(name: &ObjectName, scope: &Scope) -> Result<RecordBatch, Error> {
    let entry = find_entry(&target::parts(name)?, scope)?;
    if entry.is_view() && scope.definition(&entry).is_none() {
        let message = format!(
            "the text of the view \"{}\" names what there is no grant of SELECT on",
            entry.name
        );
        return Err(
            Error::new(Code::PermissionDenied, message).with_hint("DESCRIBE shows its columns.")
        );
    }
    let columns = [("table_name", Type::Text), ("definition", Type::Text)];
    let row = vec![Cell::text(entry.name.to_string()), Cell::Text(definition(&entry))];
    batch(&columns, vec![row])
}

fn definition(entry: &Entry) -> String {
    let is_temporary = Catalog::is_temporary_schema(&entry.name.schema);
    let schema = if is_temporary { TEMPORARY_SCHEMA } else { &entry.name.schema };
    let name = format!("{}.{}", quoted(schema), quoted(&entry.name.table));
    let mut clauses = match &entry.kind {
        EntryKind::View { sql, .. } => return format!("CREATE VIEW {name} AS {sql}"),
        EntryKind::External(table) => external(&name, table),
        EntryKind::Delta(table) => {
            vec![format!("CREATE TABLE {name} USING DELTA LOCATION {}", literal(&table.location))]
        }
        EntryKind::GeoParquet(table) => vec![format!(
            "CREATE TABLE {name} USING GEOPARQUET LOCATION {}",
            literal(&table.location)
        )],
    };
    if let Some(comment) = &entry.comment {
        clauses.push(format!("COMMENT {}", literal(comment)));
    }
    clauses.join(" ")
}

fn external(name: &str, table: &ExternalTable) -> Vec<String> {
    let mut clauses = vec![format!("CREATE EXTERNAL TABLE {name}")];
    if let Some(format) = &table.format {
        clauses.push(format!("STORED AS {format}"));
    }
    clauses.push(format!("LOCATION {}", literal(&table.location)));
    if !table.partition_columns.is_empty() {
        let columns: Vec<String> =
            table.partition_columns.iter().map(|(column, _)| quoted(column)).collect();
        clauses.push(format!("PARTITIONED BY ({})", columns.join(", ")));
    }
    if !table.options.is_empty() {
        let options: Vec<String> = table
            .options
            .iter()
            .map(|(key, value)| format!("{} {}", literal(key), literal(value)))
            .collect();
        clauses.push(format!("OPTIONS ({})", options.join(", ")));
    }
    clauses
}

fn show_variable(name: &str, session: &Session) -> Result<RecordBatch, Error> {
    let columns = [("name", Type::Text), ("value", Type::Text)];
    let variables = session.variables();
    let value = match name {
        "schema" | "search_path" | "current_schema" => Some(variables.schema),
        "query_timeout" | "statement_timeout" => Some(timeout(session)),
        "server_version" => Some(env!("CARGO_PKG_VERSION").to_owned()),
        _ => runtime::value(variables.state.config_options(), name)?,
    };
    batch(&columns, vec![vec![Cell::text(name), Cell::maybe(value)]])
}

fn variables(session: &Session) -> Vec<Vec<Cell>> {
    let variables = session.variables();
    let mut rows = vec![
        ("schema".to_owned(), Some(variables.schema)),
        ("query_timeout".to_owned(), Some(timeout(session))),
    ];
    rows.extend(
        runtime::values(variables.state.config_options())
            .into_iter()
            .map(|(name, value, _)| (name, value)),
    );
    rows.into_iter().map(|(name, value)| vec![Cell::Text(name), Cell::maybe(value)]).collect()
}

fn timeout(session: &Session) -> String {
    session
        .query_timeout()
        .map_or_else(|| "0".to_owned(), |timeout| format!("{}ms", timeout.as_millis()))
}

fn fits(like: Option<&str>, name: &str) -> bool {
    like.is_none_or(|pattern| is_like(name, pattern))
}

/// Returns a name as a pattern that matches only it.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
