//! The names that statements make, fill and drop.

use godwit_catalog::{Catalog, CreateMode, Entry, TEMPORARY_SCHEMA, TableName};
use sqlparser::ast::ObjectName;

use crate::error::{Code, Error};
use crate::plan::{Scope, find_entry};
use crate::rights::Privilege;
use crate::temporary::is_temporary;
use crate::{DEFAULT_CATALOG, system};

/// Returns the parts of a name.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<String>, Error> {
    name.0
        .iter()
        .map(|part| {
            part.as_ident().map(|ident| ident.value.clone()).ok_or_else(|| {
                Error::unsupported(format!("the table name {name} is not supported"))
            })
        })
        .collect()
}

/// Returns the full name of a table to make, to replace or to drop; in the schema `temp` it is the
/// session's.
pub(super) fn named(name: &ObjectName, scope: &Scope) -> Result<TableName, Error> {
    let found = placed(name, scope)?;
    if is_temporary(&found.schema) { temporary(&found.table, scope) } else { Ok(found) }
}

/// Returns the full name of a table or view, which is the session's if it says so.
pub(super) fn object(
    name: &ObjectName,
    wants_temporary: bool,
    scope: &Scope,
) -> Result<TableName, Error> {
    if !wants_temporary {
        return named(name, scope);
    }
    let parts = parts(name)?;
    if let [table] = parts.as_slice() {
        // The current schema does not matter; it may be one of the system.
        require_name(table)?;
        return temporary(table, scope);
    }
    let found = placed(name, scope)?;
    if !is_temporary(&found.schema) {
        let name = parts.join(".");
        let message = format!("\"{name}\" cannot be temporary, because its schema is not");
        return Err(Error::new(Code::SyntaxError, message)
            .with_hint("Leave the schema out; temporary tables are in the schema temp."));
    }
    temporary(&found.table, scope)
}

/// Returns the full name of a table or view that the principal may make, and put in the place of
/// the old one.
pub(super) fn new_object(
    name: &ObjectName,
    wants_temporary: bool,
    mode: CreateMode,
    scope: &Scope,
) -> Result<TableName, Error> {
    let name = object(name, wants_temporary, scope)?;
    may_make(&name, mode, scope)?;
    Ok(name)
}

/// Checks that the principal may make a table or view, and put it in the place of the old one.
pub(super) fn may_make(name: &TableName, mode: CreateMode, scope: &Scope) -> Result<(), Error> {
    if scope.is_temporary(name) {
        // Its own once it is there, but it takes space.
        let shown = TableName::new(TEMPORARY_SCHEMA, &name.table);
        return scope.rights.require(Privilege::Create, &shown);
    }
    if system::has_table(&name.schema, &name.table) {
        // Whoever asks for it would be given another.
        let message = format!("table \"{name}\" already exists; it belongs to the system");
        return Err(Error::new(Code::DuplicateTable, message).with_hint("Choose another name."));
    }
    scope.require(Privilege::Create, name)?;
    if mode == CreateMode::Replace && scope.engine.catalog.entry(name).is_some() {
        scope.require(Privilege::Drop, name)?;
    }
    Ok(())
}

/// Finds the table whose rows a statement changes, and checks that the principal may.
pub(super) fn changed(
    parts: &[String],
    privileges: &[Privilege],
    scope: &Scope,
) -> Result<Entry, Error> {
    let entry = find_entry(parts, scope)?;
    for privilege in privileges {
        scope.require(*privilege, &entry.name)?;
    }
    Ok(entry)
}

fn temporary(table: &str, scope: &Scope) -> Result<TableName, Error> {
    match &scope.temporary {
        Some(temporary) => Ok(temporary.name(table)),
        None => Err(Error::unsupported(
            "temporary tables and views belong to a session, and there is none here",
        )
        .with_hint(
            "Over HTTP, name the rows in WITH, or create a table and drop it afterwards; \
             sessions are there over Flight SQL and in \"godwit sql\".",
        )),
    }
}

fn placed(name: &ObjectName, scope: &Scope) -> Result<TableName, Error> {
    let parts = parts(name)?;
    let found = match parts.as_slice() {
        [table] => TableName::new(&scope.schema, table),
        [schema, table] => TableName::new(schema, table),
        [catalog, schema, table] if catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => {
            TableName::new(schema, table)
        }
        _ => return Err(elsewhere(&parts)),
    };
    require_name(&found.table)?;
    if system::has_schema(&found.schema) || Catalog::is_temporary_schema(&found.schema) {
        return Err(Error::new(
            Code::PermissionDenied,
            format!("the schema \"{}\" belongs to the system", found.schema),
        ));
    }
    Ok(found)
}

fn require_name(table: &str) -> Result<(), Error> {
    if table.trim().is_empty() {
        return Err(Error::new(Code::SyntaxError, "a table needs a name"));
    }
    Ok(())
}

/// Returns the name of a schema to make, to drop or to use.
pub(super) fn schema_name(name: &ObjectName) -> Result<String, Error> {
    let parts = parts(name)?;
    match parts.as_slice() {
        [schema] => Ok(schema.clone()),
        [catalog, schema] if catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => Ok(schema.clone()),
        _ => Err(elsewhere(&parts)),
    }
}

/// Returns the error of a name that has a catalog too many.
fn elsewhere(parts: &[String]) -> Error {
    let message = match parts {
        [catalog, ..] if !catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => {
            format!("catalog \"{catalog}\" does not exist")
        }
        _ => format!("the name \"{}\" has too many parts", parts.join(".")),
    };
    Error::new(Code::UndefinedSchema, message)
        .with_hint(format!("The catalog is {DEFAULT_CATALOG}."))
}
