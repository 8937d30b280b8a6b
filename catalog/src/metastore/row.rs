//! Entries to and from the rows of the metadata store.

use arrow::datatypes::DataType;
use serde_json::{Map, Value, json};

use crate::{CatalogError, DeltaTable, EntryKind, ExternalTable, GeoParquetTable, TableName};

/// Stands for the data directory in a stored location.
const DATA: &str = "data:";

/// Returns the kind and definition columns of an entry.
pub(super) fn encode(kind: &EntryKind, data_url: &str) -> (&'static str, Value) {
    match kind {
        EntryKind::External(table) => {
            let definition = json!({
                "format": table.format,
                "location": table.location,
                "partition_columns": columns(&table.partition_columns),
                "options": table.options,
            });
            ("external", definition)
        }
        EntryKind::Delta(table) => {
            let location = shorten(&table.location, data_url);
            ("delta", json!({ "location": location, "managed": table.managed }))
        }
        EntryKind::GeoParquet(table) => {
            let definition = json!({
                "location": shorten(&table.location, data_url),
                "managed": table.managed,
                "partition_columns": columns(&table.partition_columns),
                "columns": table.columns,
            });
            ("geoparquet", definition)
        }
        EntryKind::View { sql, reads: None } => ("view", json!({ "sql": sql })),
        EntryKind::View { sql, reads: Some(reads) } => {
            let reads: Vec<[&str; 2]> =
                reads.iter().map(|name| [name.schema.as_str(), name.table.as_str()]).collect();
            ("view", json!({ "sql": sql, "reads": reads }))
        }
    }
}

/// Returns the entry kind that [`encode`] wrote.
pub(super) fn decode(
    kind: &str,
    definition: &str,
    data_url: &str,
) -> Result<EntryKind, CatalogError> {
    let unreadable = |reason: String| CatalogError::MetastoreContent { reason };
    let definition: Map<String, Value> =
        serde_json::from_str(definition).map_err(|error| unreadable(error.to_string()))?;
    let text = |field: &str| {
        definition
            .get(field)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| unreadable(format!("a {kind} has no \"{field}\"")))
    };
    let managed = definition.get("managed").and_then(Value::as_bool).unwrap_or(false);
    match kind {
        "external" => Ok(EntryKind::External(ExternalTable {
            format: definition.get("format").and_then(Value::as_str).map(str::to_owned),
            location: text("location")?,
            partition_columns: partition_columns(&definition)?,
            options: options(&definition),
        })),
        "delta" => {
            let location = lengthen(&text("location")?, data_url);
            Ok(EntryKind::Delta(DeltaTable { location, managed }))
        }
        "geoparquet" => Ok(EntryKind::GeoParquet(GeoParquetTable {
            location: lengthen(&text("location")?, data_url),
            managed,
            partition_columns: partition_columns(&definition)?,
            columns: strings(&definition, "columns"),
        })),
        "view" => Ok(EntryKind::View { sql: text("sql")?, reads: names(&definition, "reads") }),
        other => Err(unreadable(format!("unknown kind \"{other}\""))),
    }
}

/// Returns a list of names, if there is one.
fn names(definition: &Map<String, Value>, field: &str) -> Option<Vec<TableName>> {
    let part =
        |name: &Value, index: usize| name.get(index).and_then(Value::as_str).map(str::to_owned);
    let names = definition.get(field)?.as_array()?.iter();
    Some(names.filter_map(|name| Some(TableName::new(part(name, 0)?, part(name, 1)?))).collect())
}

/// Returns the location with the data directory replaced by its stand-in.
pub(super) fn shorten(location: &str, data_url: &str) -> String {
    match location.strip_prefix(data_url) {
        Some(rest) if !data_url.is_empty() => format!("{DATA}{rest}"),
        _ => location.to_owned(),
    }
}

/// Returns the location with the stand-in replaced by the data directory.
pub(super) fn lengthen(location: &str, data_url: &str) -> String {
    match location.strip_prefix(DATA) {
        Some(rest) => format!("{data_url}{rest}"),
        None => location.to_owned(),
    }
}

fn columns(columns: &[(String, Option<DataType>)]) -> Vec<Value> {
    let columns = columns.iter();
    columns
        .map(|(name, data_type)| json!([name, data_type.as_ref().map(ToString::to_string)]))
        .collect()
}

fn partition_columns(
    definition: &Map<String, Value>,
) -> Result<Vec<(String, Option<DataType>)>, CatalogError> {
    let columns = definition.get("partition_columns").and_then(Value::as_array);
    let mut decoded = Vec::new();
    for column in columns.into_iter().flatten() {
        let Some(name) = column.get(0).and_then(Value::as_str) else {
            continue;
        };
        let data_type = match column.get(1).and_then(Value::as_str) {
            Some(text) => Some(text.parse::<DataType>().map_err(|error| {
                CatalogError::MetastoreContent { reason: format!("column \"{name}\": {error}") }
            })?),
            None => None,
        };
        decoded.push((name.to_owned(), data_type));
    }
    Ok(decoded)
}

fn options(definition: &Map<String, Value>) -> godwit_formats::FormatOptions {
    let options = definition.get("options").and_then(Value::as_object);
    options
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn strings(definition: &Map<String, Value>, field: &str) -> Vec<String> {
    let values = definition.get(field).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
