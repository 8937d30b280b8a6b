//! Finds what a name in FROM means, and opens it.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::TableReference;
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::logical_expr::TableSource;
use godwit_catalog::{Access, Entry, EntryKind, TEMPORARY_SCHEMA, TableName};

use super::bind::bind;
use super::declared::declared;
use super::describe::describe;
use super::guard::Object;
use super::scope::Scope;
use crate::error::{Code, Error, nearest};
use crate::rights::{Privilege, Rights};
use crate::sql::rewrite::{Request, Target};
use crate::sql::{Statement, parse, rewrite};
use crate::temporary::{self, is_temporary};
use crate::{DEFAULT_CATALOG, DEFAULT_SCHEMA, system};

/// How deep views may stand on views.
const MAX_VIEW_DEPTH: usize = 32;

/// A relation that is open.
pub(super) struct Opened {
    pub(super) spelling: Vec<String>,
    pub(super) source: Arc<dyn TableSource>,
    /// The table or view of the catalog that it is; nothing for what needs no grant.
    pub(super) object: Option<Object>,
}

impl Opened {
    /// Returns what is no table or view of the catalog.
    fn unowned(spelling: Vec<String>, source: Arc<dyn TableSource>) -> Self {
        Self { spelling, source, object: None }
    }
}

/// Returns the reference the planner makes of these name parts.
pub(super) fn reference(parts: &[String]) -> TableReference {
    match parts {
        [catalog, schema, table] => {
            TableReference::full(catalog.as_str(), schema.as_str(), table.as_str())
        }
        [schema, table] => TableReference::partial(schema.as_str(), table.as_str()),
        _ => TableReference::bare(parts.join(".")),
    }
}

/// Opens a relation; `None` for the name of a common table expression that is no table.
pub(super) async fn open(request: &Request, scope: &Scope) -> Result<Option<Opened>, Error> {
    let opened = match &request.target {
        Target::Location { location, format, options } => {
            open_location(location, format.as_deref(), options, scope)
                .await
                .map(|source| Some(Opened::unowned(request.name.clone(), source)))
        }
        Target::Description { locations, options } => describe(locations, options, scope)
            .await
            .inspect(|_| note_files(locations, scope))
            .map(|source| Some(Opened::unowned(request.name.clone(), source))),
        Target::Table { is_cte } => open_name(&request.name, *is_cte, scope).await,
    };
    opened.map_err(|error| match request.position {
        // A position inside a view's text means nothing in the statement.
        Some(position) if error.position.is_none() && scope.views.is_empty() => {
            error.with_position(position)
        }
        _ => error,
    })
}

fn note_files(locations: &[String], scope: &Scope) {
    scope.note_file();
    for location in locations {
        scope.note_opened(TableName::new("", location));
    }
}

async fn open_location(
    location: &str,
    format: Option<&str>,
    options: &BTreeMap<String, String>,
    scope: &Scope,
) -> Result<Arc<dyn TableSource>, Error> {
    scope.check_location(location)?;
    scope.note_file();
    scope.note_opened(TableName::new("", location));
    let catalog = &scope.engine.catalog;
    let provider = catalog.open_location(scope.state.as_ref(), location, format, options).await?;
    Ok(provider_as_source(provider))
}

async fn open_name(parts: &[String], is_cte: bool, scope: &Scope) -> Result<Option<Opened>, Error> {
    if let Some(opened) = open_table(parts, scope).await? {
        let needed = opened.object.as_ref();
        let granted = needed.map_or(Ok(()), |it| scope.require(Privilege::Select, &it.name));
        return match granted {
            Ok(()) => {
                if let Some(object) = &opened.object {
                    scope.note_opened(object.name.clone());
                }
                Ok(Some(opened))
            }
            // The common table expression of the same name is meant.
            Err(_) if is_cte => Ok(None),
            Err(error) => Err(error),
        };
    }
    if is_cte {
        return Ok(None);
    }
    if let [path] = parts
        && looks_like_location(path)
        && scope.may_name(&TableName::new("", path))
    {
        let source = open_location(path, None, &BTreeMap::new(), scope).await?;
        return Ok(Some(Opened::unowned(parts.to_vec(), source)));
    }
    Err(not_found(parts, scope))
}

async fn open_table(parts: &[String], scope: &Scope) -> Result<Option<Opened>, Error> {
    let (schema, table) = match parts {
        [table] => (None, table),
        [schema, table] => (Some(schema), table),
        [catalog, schema, table] => {
            if !catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) {
                return Err(Error::new(
                    Code::UndefinedSchema,
                    format!("catalog \"{catalog}\" does not exist"),
                )
                .with_hint(format!("The catalog is {DEFAULT_CATALOG}.")));
            }
            (Some(schema), table)
        }
        _ => {
            return Err(Error::new(
                Code::UndefinedTable,
                format!("the table name \"{}\" has too many parts", parts.join(".")),
            ));
        }
    };
    let entry = meant(parts, scope);
    if let Some(sources) = &scope.sources {
        sources.note(parts, &scope.schema, entry.as_ref().map(|entry| entry.id));
    }
    if let Some(entry) = entry {
        let source = open_entry(&entry, scope).await?;
        let mut spelling = vec![entry.name.table.clone()];
        if parts.len() > 1 {
            let own = schema.and_then(|schema| temporary::spelling(schema));
            let schema = if scope.is_temporary(&entry.name) { own } else { None };
            spelling.insert(0, schema.unwrap_or(&entry.name.schema).to_owned());
        }
        if parts.len() > 2 {
            spelling.insert(0, DEFAULT_CATALOG.to_owned());
        }
        let is_own = scope.is_temporary(&entry.name);
        if is_own {
            scope.note_opened(entry.name.clone());
        }
        let object =
            (!is_own).then(|| Object { is_view: entry.is_view(), name: entry.name.clone() });
        return Ok(Some(Opened { spelling, source, object }));
    }
    let schema = match schema {
        Some(schema) => schema.as_str(),
        None if system::has_table(&scope.schema, table) => scope.schema.as_str(),
        None => DEFAULT_SCHEMA,
    };
    let opened = match &scope.reader {
        // What is told of the catalog is for whoever reads, not for the maker of a view.
        Some(reader) => system::open(schema, table, &scope.of_reader(reader)).await?,
        None => system::open(schema, table, scope).await?,
    };
    let Some((spelling, provider)) = opened else {
        return Ok(None);
    };
    let mut parts: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
    if let Some(last) = parts.last_mut() {
        *last = spelling;
    }
    Ok(Some(Opened::unowned(parts, provider_as_source(provider))))
}

/// Finds a name without a schema among those of the session, then in the current schema, then in
/// `public`, unless the system has such a table in the current one.
fn lookup(table: &str, scope: &Scope) -> Option<Entry> {
    let near =
        lookup_temporary(table, scope).or_else(|| scope.entry(&scope.named(&scope.schema, table)));
    if near.is_some() || system::has_table(&scope.schema, table) {
        return near;
    }
    scope.entry(&TableName::new(DEFAULT_SCHEMA, table))
}

/// Finds a table or view of the session. Its own name inside a view means what the view hides.
fn lookup_temporary(table: &str, scope: &Scope) -> Option<Entry> {
    let own = scope.temporary.as_ref()?.schema()?;
    let entry = scope.engine.catalog.entry(&TableName::new(own, table))?;
    if !scope.may_name(&entry.name) {
        return None;
    }
    let is_inside =
        scope.views.contains(&entry.name) || scope.creating.as_ref() == Some(&entry.name);
    (!is_inside).then_some(entry)
}

async fn open_entry(entry: &Entry, scope: &Scope) -> Result<Arc<dyn TableSource>, Error> {
    let EntryKind::View { sql, reads } = &entry.kind else {
        let provider = scope.engine.catalog.provider(scope.state.as_ref(), entry).await?;
        return declared(&entry.name.table, provider);
    };
    if scope.views.contains(&entry.name)
        || scope.creating.as_ref() == Some(&entry.name)
        || scope.views.len() >= MAX_VIEW_DEPTH
    {
        return Err(Error::new(
            Code::Unsupported,
            format!("view \"{}\" stands on itself or on too many views", entry.name),
        ));
    }
    let mut inner = match &scope.temporary {
        Some(temporary) if scope.is_temporary(&entry.name) => {
            let home = temporary.home(&entry.name.table);
            Scope { schema: home.unwrap_or_else(|| scope.schema.clone()), ..scope.clone() }
        }
        _ => Scope { schema: entry.name.schema.clone(), ..scope.without_temporary() },
    };
    inner.views.push(entry.name.clone());
    // What a view may read was checked when it was made, for what its text named then. A name that
    // means something else by now does not open it.
    inner.access = Access::Local;
    inner.reader = Some(scope.reader.as_ref().unwrap_or(&scope.rights).clone());
    inner.rights = Rights::all();
    inner.reads = reads.as_deref().map(Arc::from);
    let plan = plan_view(sql, &inner).await.map_err(|error| {
        if scope.rights.is_limited() {
            return closed(&entry.name, error);
        }
        let detail = format!("This is in the view \"{}\".", entry.name);
        let mut error = error;
        error.position = None;
        if error.detail.is_none() { error.with_detail(detail) } else { error }
    })?;
    Ok(provider_as_source(Arc::new(ViewTable::new(plan, Some(sql.clone())))))
}

/// Returns the error of a view that cannot be opened, without the names that are in it.
fn closed(name: &TableName, error: Error) -> Error {
    Error::new(error.code, format!("the view \"{name}\" cannot be opened"))
        .with_hint("What it reads may have changed; ask its maker.")
        .with_source(error)
}

/// Returns the columns of a table or view.
pub(crate) async fn entry_schema(entry: &Entry, scope: &Scope) -> Result<SchemaRef, Error> {
    Ok(open_entry(entry, scope).await?.schema())
}

/// Returns the columns of the table that a name means.
pub(crate) async fn table_schema(
    parts: &[String],
    scope: &Scope,
) -> Result<(Vec<String>, SchemaRef), Error> {
    match open_table(parts, scope).await? {
        Some(opened) => Ok((opened.spelling, opened.source.schema())),
        None => Err(not_found(parts, scope)),
    }
}

/// Finds the catalog's own table or view that a name means.
pub(crate) fn find_entry(parts: &[String], scope: &Scope) -> Result<Entry, Error> {
    meant(parts, scope).ok_or_else(|| {
        let is_own = match parts {
            [table] => [scope.schema.as_str(), DEFAULT_SCHEMA]
                .into_iter()
                .any(|schema| system::has_table(schema, table)),
            [.., schema, table] => system::has_table(schema, table),
            [] => false,
        };
        if is_own { systems_own(parts) } else { not_found(parts, scope) }
    })
}

fn systems_own(parts: &[String]) -> Error {
    let message = format!("the table \"{}\" belongs to the system", parts.join("."));
    Error::new(Code::PermissionDenied, message)
}

/// Returns the catalog's own table or view that a name means, if it is one.
pub(super) fn meant(parts: &[String], scope: &Scope) -> Option<Entry> {
    match parts {
        [table] => lookup(table, scope),
        [.., schema, table] => scope.entry(&scope.named(schema, table)),
        [] => None,
    }
}

/// Plans the text of a query.
pub(super) async fn plan_view(
    sql: &str,
    scope: &Scope,
) -> Result<datafusion::logical_expr::LogicalPlan, Error> {
    let Statement::Query(mut query) = parse(sql)? else {
        return Err(Error::new(Code::Internal, "the text of a view is not a query"));
    };
    rewrite::placeholders(vec![query.as_mut()])?;
    Box::pin(bind(*query, scope)).await?.plan(Vec::new())
}

/// Returns whether a name that is no table can only mean a file.
fn looks_like_location(name: &str) -> bool {
    if name.contains('/') || name.contains("://") {
        return true;
    }
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    let extension = extension.to_lowercase();
    ["gz", "zst"].contains(&extension.as_str())
        || godwit_formats::formats()
            .iter()
            .any(|format| format.describe().extensions.contains(&extension.as_str()))
}

fn not_found(parts: &[String], scope: &Scope) -> Error {
    let name = parts.join(".");
    if let [.., schema, _] = parts
        && !scope.has_schema(schema)
        && !system::has_schema(schema)
        && !is_temporary(schema)
    {
        let error = Error::new(
            Code::UndefinedSchema,
            format!("schema \"{schema}\" does not exist, in table \"{name}\""),
        );
        let mut schemas = scope.engine.catalog.schema_names();
        schemas.retain(|schema| scope.has_schema(schema));
        return match nearest(schema, schemas.iter().map(String::as_str)) {
            Some(near) => error.with_hint(format!("Did you mean \"{near}\"?")),
            None => error.with_hint("SHOW SCHEMAS lists the schemas."),
        };
    }
    let error = Error::new(Code::UndefinedTable, format!("table \"{name}\" does not exist"));
    let table = parts.last().map_or("", String::as_str);
    let schemas: Vec<&str> = match parts {
        [.., schema, _] => vec![schema],
        _ => vec![TEMPORARY_SCHEMA, &scope.schema, DEFAULT_SCHEMA],
    };
    let mut known: Vec<String> = Vec::new();
    for schema in schemas {
        let schema = &scope.named(schema, table).schema;
        known.extend(scope.entries(schema).into_iter().map(|entry| entry.name.table));
        known.extend(system::names(schema).into_iter().map(str::to_owned));
    }
    match nearest(table, known.iter().map(String::as_str)) {
        Some(near) => error.with_hint(format!("Did you mean \"{near}\"?")),
        None => error.with_hint("SHOW TABLES lists the tables; a file needs single quotes."),
    }
}
