//! Statements that change definitions.

use std::collections::HashSet;

use arrow::datatypes::{DataType, Schema};
use godwit_catalog::{Catalog, CreateMode, ExternalTable, TableName};
use sqlparser::ast::{self, Ident, ObjectName};

use super::target;
use crate::error::{Code, Error};
use crate::outcome::Completion;
use crate::plan::{Scope, find_entry};
use crate::rights::Privilege;
use crate::sql::{CreateExternalTable, CreateView, Drop, DropKind};
use crate::temporary::is_temporary;
use crate::{DEFAULT_SCHEMA, system};

/// Returns what to do when the name is taken.
pub(super) fn mode(or_replace: bool, if_not_exists: bool) -> CreateMode {
    match (or_replace, if_not_exists) {
        (true, _) => CreateMode::Replace,
        (false, true) => CreateMode::IfNotExists,
        (false, false) => CreateMode::ErrorIfExists,
    }
}

/// Checks that the schema of a new object is there.
pub(super) async fn require_schema(name: &TableName, scope: &Scope) -> Result<(), Error> {
    if let Some(temporary) = &scope.temporary
        && temporary.make_schema(name).await?
    {
        return Ok(());
    }
    if scope.engine.catalog.has_schema(&name.schema) {
        return Ok(());
    }
    Err(Error::new(Code::UndefinedSchema, format!("schema \"{}\" does not exist", name.schema))
        .with_hint(format!("Type CREATE SCHEMA {} first.", name.schema)))
}

pub(super) async fn create_external(
    create: &CreateExternalTable,
    scope: &Scope,
) -> Result<Completion, Error> {
    let mode = mode(create.or_replace, create.if_not_exists);
    let name = target::new_object(&create.name, false, mode, scope)?;
    require_schema(&name, scope).await?;
    let mut partition_columns = Vec::with_capacity(create.partitioned_by.len());
    for (column, sql_type) in &create.partitioned_by {
        partition_columns.push((column.value.clone(), partition_type(column, sql_type.as_ref())?));
    }
    let table = ExternalTable {
        format: create.format.clone(),
        location: create.location.clone(),
        partition_columns,
        options: create.options.clone(),
    };
    scope
        .engine
        .catalog
        .create_external(scope.state.as_ref(), &name, &table, create.comment.clone(), mode)
        .await?;
    Ok(Completion::of("CREATE EXTERNAL TABLE"))
}

fn partition_type(
    column: &Ident,
    sql_type: Option<&ast::DataType>,
) -> Result<Option<DataType>, Error> {
    Ok(Some(match sql_type {
        None => return Ok(None),
        Some(ast::DataType::Int(_) | ast::DataType::Integer(_)) => DataType::Int32,
        Some(ast::DataType::BigInt(_)) => DataType::Int64,
        Some(ast::DataType::SmallInt(_)) => DataType::Int16,
        Some(ast::DataType::Date) => DataType::Date32,
        Some(ast::DataType::Boolean | ast::DataType::Bool) => DataType::Boolean,
        Some(
            ast::DataType::Varchar(_)
            | ast::DataType::Text
            | ast::DataType::String(_)
            | ast::DataType::Char(_),
        ) => DataType::Utf8,
        Some(other) => {
            return Err(Error::unsupported(format!(
                "partition column \"{}\" cannot have the type {other}",
                column.value
            ))
            .with_hint("Use INT, BIGINT, SMALLINT, DATE, BOOLEAN or VARCHAR."));
        }
    }))
}

pub(super) async fn create_view(create: &CreateView, scope: &Scope) -> Result<Completion, Error> {
    let mode = mode(create.or_replace, create.if_not_exists);
    let name = target::new_object(&create.name, create.is_temporary, mode, scope)?;
    require_schema(&name, scope).await?;
    let catalog = &scope.engine.catalog;
    let reads = scope.sources.as_ref().map(|sources| sources.named()).unwrap_or_default();
    let comment = create.comment.clone();
    let is_made = catalog.create_view(&name, &create.sql, reads, comment, mode).await?;
    if let Some(temporary) = &scope.temporary
        && is_made
        && scope.is_temporary(&name)
    {
        temporary.set_home(&name.table, &scope.schema);
    }
    Ok(Completion::of("CREATE VIEW"))
}

/// Checks that a view has each name once; names may differ in case alone.
pub(super) fn check_view_columns(schema: &Schema) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for field in schema.fields() {
        if !seen.insert(field.name()) {
            let message = format!("two columns are named \"{}\"", field.name());
            return Err(Error::new(Code::AmbiguousColumn, message)
                .with_hint("Give one of them another name with AS."));
        }
    }
    Ok(())
}

/// Returns the scope in which the text of a new view will be read. A view that would stand on
/// itself is refused; the locations it names are checked for its maker.
///
/// A view that outlives the session does not see what belongs to it.
pub(super) fn view_scope(create: &CreateView, scope: &Scope) -> Result<Scope, Error> {
    let name = target::object(&create.name, create.is_temporary, scope)?;
    let mut inner = if scope.is_temporary(&name) {
        scope.clone()
    } else {
        Scope { schema: name.schema.clone(), ..scope.without_temporary() }
    };
    let taken = inner.engine.catalog.entry(&name);
    let name = taken.map_or(name, |entry| entry.name);
    inner.creating = Some(name);
    Ok(inner)
}

/// Says why a permanent view does not find a table, where the session has tables of its own.
pub(super) fn hidden(error: Error, outer: &Scope, inner: &Scope) -> Error {
    let has_own = outer.temporary.as_ref().is_some_and(|own| own.schema().is_some());
    if error.code == Code::UndefinedTable && has_own && inner.temporary.is_none() {
        return error
            .with_hint("A view does not see temporary tables; type CREATE TEMPORARY VIEW.");
    }
    error
}

/// Returns the name of a schema that the principal may make.
pub(super) fn new_schema(name: &ObjectName, scope: &Scope) -> Result<String, Error> {
    let schema = target::schema_name(name)?;
    if schema.trim().is_empty() {
        return Err(Error::new(Code::SyntaxError, "a schema needs a name"));
    }
    scope.rights.require_schema(Privilege::Create, &schema)?;
    Ok(schema)
}

pub(super) async fn create_schema(
    name: &ObjectName,
    if_not_exists: bool,
    scope: &Scope,
) -> Result<Completion, Error> {
    let schema = new_schema(name, scope)?;
    if system::has_schema(&schema) || is_temporary(&schema) {
        if if_not_exists {
            return Ok(Completion::of("CREATE SCHEMA"));
        }
        return Err(Error::new(
            Code::DuplicateSchema,
            format!("schema \"{schema}\" already exists"),
        ));
    }
    scope.engine.catalog.create_schema(&schema, if_not_exists).await?;
    Ok(Completion::of("CREATE SCHEMA"))
}

pub(super) async fn drop(drop: &Drop, scope: &Scope) -> Result<Completion, Error> {
    let catalog = &scope.engine.catalog;
    // All names are checked before any is dropped.
    for target in droppable(drop, scope)? {
        match (&drop.kind, target) {
            (_, Target::Schema(schema)) => {
                catalog.drop_schema(&schema, drop.if_exists, drop.cascade).await?;
            }
            (DropKind::View, Target::Object(name)) => {
                catalog.drop_view(&name, drop.if_exists).await?;
            }
            (_, Target::Object(name)) => {
                catalog.drop_table(&name, drop.if_exists).await?;
            }
        }
    }
    Ok(Completion::of(match drop.kind {
        DropKind::Schema => "DROP SCHEMA",
        DropKind::View => "DROP VIEW",
        DropKind::Table => "DROP TABLE",
    }))
}

/// What is dropped.
pub(super) enum Target {
    Schema(String),
    Object(TableName),
}

/// Returns what a statement drops, which the principal may. With `IF EXISTS` it is not what does not
/// exist for the principal.
pub(super) fn droppable(drop: &Drop, scope: &Scope) -> Result<Vec<Target>, Error> {
    let mut targets = Vec::with_capacity(drop.names.len());
    for name in &drop.names {
        if drop.kind != DropKind::Schema {
            targets.extend(existing(name, drop, scope)?.map(Target::Object));
            continue;
        }
        let schema = target::schema_name(name)?;
        if schema.eq_ignore_ascii_case(DEFAULT_SCHEMA)
            || system::has_schema(&schema)
            || Catalog::is_temporary_schema(&schema)
        {
            return Err(Error::new(
                Code::PermissionDenied,
                format!("the schema \"{schema}\" cannot be dropped"),
            ));
        }
        if scope.rights.is_limited() && !scope.has_schema(&schema) {
            if drop.if_exists {
                continue;
            }
            let message = format!("schema \"{schema}\" does not exist");
            return Err(Error::new(Code::UndefinedSchema, message));
        }
        scope.rights.require_schema(Privilege::Drop, &schema)?;
        targets.push(Target::Schema(schema));
    }
    Ok(targets)
}

fn existing(name: &ObjectName, drop: &Drop, scope: &Scope) -> Result<Option<TableName>, Error> {
    let full = target::named(name, scope)?;
    let found = match find_entry(&target::parts(name)?, scope) {
        // Only names with a schema reach beyond the current one.
        Ok(entry) if scope.is_temporary(&entry.name) => entry.name,
        Ok(entry) if entry.name.schema.eq_ignore_ascii_case(&full.schema) => entry.name,
        Ok(_) | Err(_) if drop.if_exists => return Ok(None),
        Ok(_) => {
            let kind = if drop.kind == DropKind::View { "view" } else { "table" };
            let message = format!("{kind} \"{full}\" does not exist");
            return Err(Error::new(Code::UndefinedTable, message));
        }
        Err(error) if drop.kind == DropKind::View && error.code == Code::UndefinedTable => {
            let message = format!("view \"{}\" does not exist", target::parts(name)?.join("."));
            let hint = error.hint.filter(|hint| hint.starts_with("Did you mean"));
            let error = Error::new(Code::UndefinedTable, message);
            return Err(error.with_hint(hint.unwrap_or("SHOW TABLES lists the views.".to_owned())));
        }
        Err(error) => return Err(error),
    };
    scope.require(Privilege::Drop, &found)?;
    Ok(Some(found))
}
