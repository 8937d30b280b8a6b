//! The names that statements make, fill and drop.

use godwit_catalog::TableName;
use sqlparser::ast::ObjectName;

use crate::error::{Code, Error};
use crate::plan::Scope;
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

/// Returns the full name of a table to make or to drop.
pub(super) fn new_table(name: &ObjectName, scope: &Scope) -> Result<TableName, Error> {
    let parts = parts(name)?;
    let found = match parts.as_slice() {
        [table] => TableName::new(&scope.schema, table),
        [schema, table] => TableName::new(schema, table),
        [catalog, schema, table] if catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => {
            TableName::new(schema, table)
        }
        _ => {
            return Err(Error::new(
                Code::UndefinedSchema,
                format!("\"{name}\" is not in the catalog {DEFAULT_CATALOG}"),
            ));
        }
    };
    if found.table.trim().is_empty() {
        return Err(Error::new(Code::SyntaxError, "a table needs a name"));
    }
    if system::has_schema(&found.schema) {
        return Err(Error::new(
            Code::PermissionDenied,
            format!("the schema \"{}\" belongs to the system", found.schema),
        ));
    }
    Ok(found)
}

/// Returns the name of a schema to make, to drop or to use.
pub(super) fn schema_name(name: &ObjectName) -> Result<String, Error> {
    let parts = parts(name)?;
    match parts.as_slice() {
        [schema] => Ok(schema.clone()),
        [catalog, schema] if catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => Ok(schema.clone()),
        _ => Err(Error::new(
            Code::UndefinedSchema,
            format!("\"{name}\" is not in the catalog {DEFAULT_CATALOG}"),
        )),
    }
}
