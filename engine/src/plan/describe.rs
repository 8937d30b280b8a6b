//! `ST_Read_Meta`: what files are, as a query over them that is run like any other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::datasource::{TableProvider, ViewTable, provider_as_source};
use datafusion::logical_expr::TableSource;
use godwit_catalog::Catalog;
use godwit_geometry::{Crs, GeometryType, is_geometry};

use super::locate::plan_view;
use super::scope::Scope;
use crate::error::Error;

/// What a Delta table is called, which is no format of files.
const DELTA: [&str; 2] = ["DELTA", "Delta tables."];

/// Returns a table with a row for each location.
pub(super) async fn describe(
    locations: &[String],
    options: &BTreeMap<String, String>,
    scope: &Scope,
) -> Result<Arc<dyn TableSource>, Error> {
    let mut rows = Vec::with_capacity(locations.len());
    for location in locations {
        rows.push(row(location, options, scope).await?);
    }
    let plan = Box::pin(plan_view(&rows.join(" UNION ALL "), scope)).await;
    // A position in this text means nothing in the statement.
    let plan = plan.map_err(|error| Error { position: None, ..error })?;
    Ok(provider_as_source(Arc::new(ViewTable::new(plan, None))))
}

/// Returns the query for the row of a location: one layer of a file, or all that it has.
async fn row(
    location: &str,
    options: &BTreeMap<String, String>,
    scope: &Scope,
) -> Result<String, Error> {
    scope.check_location(location)?;
    let table = open(location, options, scope).await?;
    let [name, summary] = match Catalog::format_of(table.as_ref()) {
        Some(format) => [format.describe().name, format.describe().summary],
        None => DELTA,
    };
    let names = Catalog::layers_of(scope.state.as_ref(), table.as_ref()).await?;
    let mut layers = Vec::with_capacity(names.len().max(1));
    if names.is_empty() {
        layers.push(layer(location, stem(location), options, &table.schema()));
    }
    for name in names {
        let mut options = options.clone();
        options.insert("layer".to_owned(), name.clone());
        let table = open(location, &options, scope).await?;
        layers.push(layer(location, &name, &options, &table.schema()));
    }
    let numbered = layers.iter().enumerate();
    let layers: Vec<String> = numbered
        .map(|(number, (layer, from))| {
            format!("SELECT {number} AS number, {layer} AS layer {from}")
        })
        .collect();
    Ok(format!(
        "SELECT {} AS file_name, {} AS driver_short_name, {} AS driver_long_name, \
         array_agg(layer ORDER BY number) AS layers FROM ({}) AS described",
        text(location),
        text(name),
        text(summary),
        layers.join(" UNION ALL "),
    ))
}

async fn open(
    location: &str,
    options: &BTreeMap<String, String>,
    scope: &Scope,
) -> Result<Arc<dyn TableProvider>, Error> {
    let mut reading = options.clone();
    let format = reading.remove("format");
    let (catalog, session) = (&scope.engine.catalog, scope.state.as_ref());
    Ok(catalog.open_location(session, location, format.as_deref(), &reading).await?)
}

/// Returns what a layer is, computed from its rows, and the clause that reads them.
fn layer(
    location: &str,
    name: &str,
    options: &BTreeMap<String, String>,
    schema: &Schema,
) -> (String, String) {
    let (geometries, fields): (Vec<&Field>, Vec<&Field>) =
        schema.fields().iter().map(AsRef::as_ref).partition(|field| is_geometry(field));
    let mut geometry_fields = Vec::with_capacity(geometries.len());
    for field in geometries {
        let crs = GeometryType::from_field(field).ok().flatten().and_then(|kind| kind.crs);
        geometry_fields.push(geometry_field(field.name(), &kind(field.name()), crs.as_ref()));
    }
    let geometry_fields = list(&geometry_fields, || geometry_field("", "''", None));
    let fields: Vec<String> = fields.into_iter().map(plain_field).collect();
    let fields = list(&fields, || plain_field(&Field::new("", DataType::Utf8, true)));
    let mut arguments = text(location);
    for (name, value) in options {
        let _written = write!(arguments, ", {name} => {}", text(value));
    }
    let layer = format!(
        "named_struct('name', {}, 'feature_count', count(*), 'geometry_fields', {geometry_fields}, \
         'fields', {fields})",
        text(name),
    );
    (layer, format!("FROM read_file({arguments})"))
}

/// Returns the name of a file without its folders and suffixes.
fn stem(location: &str) -> &str {
    let name = location.trim_end_matches('/').rsplit('/').next().unwrap_or(location);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// Returns what all geometries of a column are, in the words of GDAL.
fn kind(column: &str) -> String {
    let column = format!("\"{}\"", column.replace('"', "\"\""));
    let (low, high) =
        (format!("min(ST_GeometryType({column}))"), format!("max(ST_GeometryType({column}))"));
    let some = |function: &str| format!("coalesce(bool_or({function}({column})), false)");
    let (has_z, has_m) = (some("ST_HasZ"), some("ST_HasM"));
    format!(
        "CASE WHEN {low} = {high} THEN \
         CASE WHEN {has_z} AND {has_m} THEN '3D Measured ' WHEN {has_z} THEN '3D ' \
         WHEN {has_m} THEN 'Measured ' ELSE '' END || \
         regexp_replace(substr({low}, 4), '([a-z])([A-Z])', '\\1 \\2', 'g') \
         ELSE 'Unknown (any)' END"
    )
}

fn geometry_field(name: &str, kind: &str, crs: Option<&Crs>) -> String {
    let json = crs.map(Crs::to_json);
    let known = json.as_ref().and_then(|json| json["name"].as_str());
    let system = known.map(str::to_owned).or_else(|| crs.map(Crs::name));
    let (authority, code) = crs.and_then(Crs::authority).unzip();
    let json = json.filter(|json| !json["name"].is_null()).map(|json| json.to_string());
    format!(
        "named_struct('name', {}, 'type', {kind}, 'nullable', true, 'crs', named_struct('name', \
         {}, 'auth_name', {}, 'auth_code', {}, 'projjson', {}))",
        text(name),
        maybe(system.as_deref()),
        maybe(authority.as_deref()),
        maybe(code.as_deref()),
        maybe(json.as_deref()),
    )
}

fn plain_field(field: &Field) -> String {
    let [kind, subtype] = type_names(field.data_type());
    format!(
        "named_struct('name', {}, 'type', '{kind}', 'subtype', '{subtype}', 'nullable', {}, \
         'unique', false, 'width', CAST(0 AS BIGINT), 'precision', CAST(0 AS BIGINT))",
        text(field.name()),
        field.is_nullable(),
    )
}

/// Returns the type and the subtype of GDAL that are closest.
fn type_names(data_type: &DataType) -> [&'static str; 2] {
    match data_type {
        DataType::Boolean => ["Integer", "Boolean"],
        DataType::Int8 | DataType::Int16 | DataType::UInt8 => ["Integer", "Int16"],
        DataType::Int32 | DataType::UInt16 => ["Integer", "None"],
        DataType::Int64 | DataType::UInt32 => ["Integer64", "None"],
        DataType::Float16 | DataType::Float32 => ["Real", "Float32"],
        DataType::Float64 | DataType::UInt64 | DataType::Decimal128(..) => ["Real", "None"],
        DataType::Date32 | DataType::Date64 => ["Date", "None"],
        DataType::Time32(_) | DataType::Time64(_) => ["Time", "None"],
        DataType::Timestamp(..) => ["DateTime", "None"],
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => ["Binary", "None"],
        DataType::List(_) | DataType::Struct(_) | DataType::Map(..) => ["String", "JSON"],
        _ => ["String", "None"],
    }
}

/// Returns a list of values, whose type is that of an example when it is empty.
fn list(values: &[String], example: impl FnOnce() -> String) -> String {
    if values.is_empty() {
        return format!("array_pop_back(make_array({}))", example());
    }
    format!("make_array({})", values.join(", "))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn maybe(value: Option<&str>) -> String {
    value.map_or_else(|| "CAST(NULL AS TEXT)".to_owned(), text)
}
