//! `/v1/catalogs`: the tree of schemas, tables and columns.

use arrow::datatypes::{Field, FieldRef};
use axum::Json;
use axum::extract::{Path, State};
use godwit_engine::geometry::GeometryType;
use godwit_engine::{
    Code, DEFAULT_CATALOG, Engine, Error, Principal, TableFilter, TableInfo, sql_type_name,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;
use crate::http::caller::Caller;
use crate::http::problem::{Document, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_catalogs))
        .routes(routes!(list_schemas))
        .routes(routes!(list_tables))
        .routes(routes!(show_table))
}

/// A name.
#[derive(Serialize, ToSchema)]
struct Named {
    name: String,
}

/// The catalogs.
#[derive(Serialize, ToSchema)]
struct Catalogs {
    catalogs: Vec<Named>,
}

/// The schemas of a catalog.
#[derive(Serialize, ToSchema)]
struct Schemas {
    schemas: Vec<Named>,
}

/// The tables of a schema.
#[derive(Serialize, ToSchema)]
struct Tables {
    tables: Vec<Table>,
}

/// A table or view.
#[derive(Serialize, ToSchema)]
struct Table {
    catalog: String,
    schema: String,
    name: String,
    /// TABLE, VIEW or SYSTEM TABLE.
    #[serde(rename = "type")]
    kind: &'static str,
    comment: Option<String>,
    location: Option<String>,
    format: Option<String>,
    /// The newest version of a versioned table.
    version: Option<i64>,
    /// Why the table cannot be read at the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// The columns; only for a single table.
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<Column>>,
}

/// A column.
#[derive(Serialize, ToSchema)]
struct Column {
    name: String,
    /// The SQL type.
    #[serde(rename = "type")]
    data_type: String,
    nullable: bool,
    /// The reference system of a geometry column, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    crs: Option<String>,
}

/// Lists the catalogs.
#[utoipa::path(get, path = "/v1/catalogs", tag = "catalog", responses((status = 200, body = Catalogs)))]
async fn list_catalogs(_caller: Caller) -> Json<Catalogs> {
    let catalogs = vec![Named { name: DEFAULT_CATALOG.to_owned() }];
    std::future::ready(Json(Catalogs { catalogs })).await
}

/// Lists the schemas of a catalog.
#[utoipa::path(
    get,
    path = "/v1/catalogs/{catalog}/schemas",
    tag = "catalog",
    params(("catalog" = String, Path)),
    responses((status = 200, body = Schemas), (status = 404, body = Document))
)]
async fn list_schemas(
    State(engine): State<Engine>,
    Caller(principal): Caller,
    Path(catalog): Path<String>,
) -> Result<Json<Schemas>, Problem> {
    check_catalog(&catalog)?;
    let schemas = engine.schemas(&principal).into_iter().map(|name| Named { name }).collect();
    std::future::ready(Ok(Json(Schemas { schemas }))).await
}

/// Lists the tables of a schema.
#[utoipa::path(
    get,
    path = "/v1/catalogs/{catalog}/schemas/{schema}/tables",
    tag = "catalog",
    params(("catalog" = String, Path), ("schema" = String, Path)),
    responses((status = 200, body = Tables), (status = 404, body = Document))
)]
async fn list_tables(
    State(engine): State<Engine>,
    Caller(principal): Caller,
    Path((catalog, schema)): Path<(String, String)>,
) -> Result<Json<Tables>, Problem> {
    check_catalog(&catalog)?;
    let schema = check_schema(&engine, &principal, &schema)?;
    let filter = TableFilter { schema_pattern: Some(pattern(&schema)), ..TableFilter::default() };
    let tables = Box::pin(engine.tables(&filter, &principal)).await?;
    Ok(Json(Tables { tables: tables.into_iter().map(describe).collect() }))
}

/// Shows a table with its columns.
#[utoipa::path(
    get,
    path = "/v1/catalogs/{catalog}/schemas/{schema}/tables/{table}",
    tag = "catalog",
    params(("catalog" = String, Path), ("schema" = String, Path), ("table" = String, Path)),
    responses((status = 200, body = Table), (status = 404, body = Document))
)]
async fn show_table(
    State(engine): State<Engine>,
    Caller(principal): Caller,
    Path((catalog, schema, table)): Path<(String, String, String)>,
) -> Result<Json<Table>, Problem> {
    check_catalog(&catalog)?;
    let schema = check_schema(&engine, &principal, &schema)?;
    let filter = TableFilter {
        schema_pattern: Some(pattern(&schema)),
        table_pattern: Some(pattern(&table)),
        with_schema: true,
        ..TableFilter::default()
    };
    let tables = Box::pin(engine.tables(&filter, &principal)).await?;
    let found = tables.into_iter().next();
    let found = found.ok_or_else(|| missing(Code::UndefinedTable, "table", &table))?;
    Ok(Json(describe(found)))
}

fn describe(info: TableInfo) -> Table {
    let columns = info.arrow_schema.map(|schema| {
        let column = |field: &FieldRef| Column {
            name: field.name().clone(),
            data_type: sql_type_name(field),
            nullable: field.is_nullable(),
            crs: crs_name(field),
        };
        schema.fields().iter().map(column).collect()
    });
    Table {
        catalog: info.catalog,
        schema: info.schema,
        name: info.name,
        kind: info.kind.flight_name(),
        comment: info.comment,
        location: info.location,
        format: info.format,
        version: info.version,
        error: info.error,
        columns,
    }
}

fn crs_name(field: &Field) -> Option<String> {
    let geometry = GeometryType::from_field(field).ok().flatten()?;
    geometry.crs.map(|crs| crs.name())
}

fn check_catalog(name: &str) -> Result<(), Problem> {
    if name.eq_ignore_ascii_case(DEFAULT_CATALOG) {
        return Ok(());
    }
    Err(missing(Code::UndefinedObject, "catalog", name))
}

/// Returns the schema as it is spelled in the catalog.
fn check_schema(engine: &Engine, principal: &Principal, name: &str) -> Result<String, Problem> {
    let mut schemas = engine.schemas(principal).into_iter();
    let found = schemas.find(|schema| schema.eq_ignore_ascii_case(name));
    found.ok_or_else(|| missing(Code::UndefinedSchema, "schema", name))
}

/// Returns the problem of a path that names nothing: 404, unlike a statement that does.
fn missing(code: Code, kind: &str, name: &str) -> Problem {
    let error = Error::new(code, format!("{kind} \"{name}\" does not exist"));
    Problem::from(error).with_status(axum::http::StatusCode::NOT_FOUND)
}

/// Returns the `LIKE` pattern that only this name matches.
fn pattern(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
