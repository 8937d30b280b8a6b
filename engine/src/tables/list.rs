//! Lists tables; one that cannot be read is listed with its error.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arrow::datatypes::SchemaRef;
use futures::{StreamExt as _, stream};
use godwit_catalog::{Catalog, Entry, TEMPORARY_SCHEMA};
use uuid::Uuid;

use super::info::{TableFilter, TableInfo, TableKind};
use super::pattern::is_like;
use super::views::{Changes, KnownView};
use crate::error::{Code, Error};
use crate::plan::{Scope, Sources, entry_schema};
use crate::rights::Rights;
use crate::temporary::Temporary;
use crate::{DEFAULT_CATALOG, system};

/// How many tables are opened at once to find out their columns.
const OPENED_AT_ONCE: usize = 16;

/// How long one table may take to tell its columns.
const PATIENCE: Duration = Duration::from_secs(5);

/// Returns the names of all schemas that the principal may see, among them `temp` when the session
/// has tables of its own.
pub(crate) fn schemas(
    catalog: &Catalog,
    temporary: Option<&Temporary>,
    rights: &Rights,
) -> Vec<String> {
    let mut names = catalog.schema_names();
    names.retain(|name| rights.see_schema(name, || catalog.entries(name)));
    let own = temporary.and_then(Temporary::schema);
    if own.is_some_and(|schema| !catalog.entries(schema).is_empty()) {
        names.push(TEMPORARY_SCHEMA.to_owned());
    }
    names.extend(system::SCHEMAS.iter().map(|&name| name.to_owned()));
    names.sort();
    names.dedup();
    names
}

/// Returns the tables that match the filter, ordered by schema and name.
pub(crate) async fn list(scope: &Scope, filter: &TableFilter) -> Vec<TableInfo> {
    match filter.catalog.as_deref() {
        None | Some("%") => {}
        Some(catalog) if catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => {}
        Some(_) => return Vec::new(),
    }
    let wanted = |pattern: &Option<String>, name: &str| {
        // Some clients send names as they are, though a backslash means something in a pattern.
        pattern.as_deref().is_none_or(|pattern| is_like(name, pattern) || name == pattern)
    };
    let mut found: Vec<(TableInfo, Option<Entry>)> = Vec::new();
    for schema in schemas(&scope.engine.catalog, scope.temporary.as_deref(), &scope.rights) {
        if !wanted(&filter.schema_pattern, &schema) {
            continue;
        }
        let stored = scope.named(&schema, "").schema;
        for entry in scope.entries(&stored) {
            found.push((describe(&entry, &schema, scope), Some(entry)));
        }
        for name in system::names(&schema) {
            // A table of the user's own hides ours.
            if found.iter().all(|(info, _)| info.schema != schema || info.name != name) {
                found.push((system_table(&schema, name), None));
            }
        }
    }
    found.retain(|(info, _)| {
        wanted(&filter.table_pattern, &info.name) && info.kind.is_asked_for(&filter.types)
    });
    found.sort_by(|(a, _), (b, _)| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    if !filter.with_schema {
        return found.into_iter().map(|(info, _)| info).collect();
    }
    with_schemas(found, scope).await
}

/// Returns the tables with their columns, those that are remembered if nothing has changed since.
async fn with_schemas(found: Vec<(TableInfo, Option<Entry>)>, scope: &Scope) -> Vec<TableInfo> {
    let (views, mut tables) = known_views(&found, scope);
    let entries = found.iter().filter_map(|(_, entry)| entry.as_ref());
    tables.extend(entries.filter(|entry| !entry.is_view()).cloned());
    let changes = scope.engine.catalog.changed_at(&tables).await;
    let changes = tables.iter().zip(changes);
    let changes: Changes =
        changes.filter_map(|(table, changed_at)| Some((table.id, changed_at?))).collect();
    let mut infos = Vec::with_capacity(found.len());
    let mut unknown = Vec::new();
    for (mut info, entry) in found {
        if let Some(entry) = entry {
            let known = if entry.is_view() {
                views.get(&entry.id).and_then(|view| view.columns(&changes))
            } else {
                changes.get(&entry.id).and_then(|at| scope.engine.columns.get(entry.id, *at))
            };
            match known {
                Some(columns) => info.arrow_schema = Some(columns),
                None => unknown.push((infos.len(), info.clone(), entry)),
            }
        }
        infos.push(info);
    }
    let changes = &changes;
    let opened = unknown.into_iter().map(|(place, info, entry)| async move {
        (place, with_schema(info, &entry, changes.get(&entry.id).copied(), scope).await)
    });
    let mut opened = stream::iter(opened).buffer_unordered(OPENED_AT_ONCE);
    while let Some((place, opened)) = opened.next().await {
        if let Some(info) = infos.get_mut(place) {
            *info = opened;
        }
    }
    infos
}

/// Returns the views whose columns are known and whose names mean what they did, and the tables
/// that they stand on.
fn known_views(
    found: &[(TableInfo, Option<Entry>)],
    scope: &Scope,
) -> (HashMap<Uuid, Arc<KnownView>>, Vec<Entry>) {
    let (mut views, mut tables) = (HashMap::new(), Vec::new());
    for entry in found.iter().filter_map(|(_, entry)| entry.as_ref()) {
        if let Some(view) = scope.engine.views.get(entry.id, scope)
            && let Some(below) = view.tables(scope)
        {
            views.insert(entry.id, view);
            tables.extend(below);
        }
    }
    tables.sort_by_key(|table| table.id);
    tables.dedup_by_key(|table| table.id);
    (views, tables)
}

/// Finds out the columns, and remembers them if their changes can be told.
async fn with_schema(
    mut info: TableInfo,
    entry: &Entry,
    changed_at: Option<SystemTime>,
    scope: &Scope,
) -> TableInfo {
    let planned_at = SystemTime::now();
    let sources = Arc::new(Sources::default());
    let noting = Scope { sources: Some(Arc::clone(&sources)), ..scope.clone() };
    let columns = async {
        let columns = Box::pin(entry_schema(entry, &noting)).await?;
        let catalog = &scope.engine.catalog;
        Ok::<_, Error>(Box::pin(catalog.with_constraints(entry, columns)).await?)
    };
    match Box::pin(tokio::time::timeout(PATIENCE, columns)).await {
        Ok(Ok(schema)) => {
            let (columns, views) = (&scope.engine.columns, &scope.engine.views);
            if let Some(changed_at) = changed_at {
                columns.put(entry.id, changed_at, SchemaRef::clone(&schema));
            }
            if entry.is_view() && !scope.is_temporary(&entry.name) {
                let known = SchemaRef::clone(&schema);
                views.put(entry.id, known, &sources, planned_at, scope).await;
            }
            info.arrow_schema = Some(schema);
        }
        outcome => {
            let error = match outcome {
                Ok(Err(error)) => error,
                _ => Error::new(Code::Timeout, "the table took too long to open"),
            };
            tracing::warn!(table = %entry.name, error = %error, "table cannot be read");
            info.error = Some(error.message);
        }
    }
    info
}

fn describe(entry: &Entry, schema: &str, scope: &Scope) -> TableInfo {
    let kind = if entry.is_view() {
        TableKind::View
    } else if Catalog::is_temporary_schema(&entry.name.schema) {
        TableKind::Temporary
    } else {
        TableKind::Table
    };
    TableInfo {
        catalog: DEFAULT_CATALOG.to_owned(),
        schema: schema.to_owned(),
        name: entry.name.table.clone(),
        kind,
        arrow_schema: None,
        comment: entry.comment.clone(),
        location: entry.location().map(str::to_owned),
        format: entry.format().map(str::to_owned),
        version: None,
        definition: scope.definition(entry).map(str::to_owned),
        error: None,
    }
}

fn system_table(schema: &str, name: &str) -> TableInfo {
    let arrow_schema: Option<SchemaRef> = system::schema(schema, name);
    TableInfo {
        catalog: DEFAULT_CATALOG.to_owned(),
        schema: schema.to_owned(),
        name: name.to_owned(),
        kind: TableKind::System,
        arrow_schema,
        comment: None,
        location: None,
        format: None,
        version: None,
        definition: None,
        error: None,
    }
}
