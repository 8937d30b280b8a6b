//! What a principal may do with which tables and views.

use std::sync::Arc;

use godwit_catalog::{Entry, EntryKind, TableName};
pub use godwit_config::{Grant, Privilege};

use crate::error::{Code, Error};
use crate::functions::Identity;
use crate::plan::Scope;
use crate::queries::QueryInfo;

/// What a principal may do with which tables and views, as far as its role may do anything of that
/// kind. What it has no grant for at all does not exist for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// All there is; nothing means everything.
    grants: Option<Arc<[Grant]>>,
}

impl Rights {
    /// Returns the right to do everything.
    pub fn all() -> Self {
        Self { grants: None }
    }

    /// Returns what the grants give, and nothing else.
    pub fn of(grants: Vec<Grant>) -> Self {
        Self { grants: Some(grants.into()) }
    }

    /// Returns the grants; nothing if everything may be done.
    pub(crate) fn grants(&self) -> Option<&[Grant]> {
        self.grants.as_deref()
    }

    /// Returns whether there is anything that the principal may not do.
    pub fn is_limited(&self) -> bool {
        self.grants.is_some()
    }

    /// Returns whether they allow to read and nothing else.
    pub(crate) fn is_read_only(&self) -> bool {
        let reads = |grant: &Grant| {
            let mut changes = Privilege::ALL.into_iter().filter(|kind| *kind != Privilege::Select);
            !changes.any(|kind| grant.gives(kind)) && *grant != Grant::Locations
        };
        self.grants.as_ref().is_some_and(|grants| grants.iter().all(reads))
    }

    /// Returns whether some grant, if they are limited, is as wanted.
    fn any(&self, is_wanted: impl Fn(&Grant) -> bool) -> bool {
        self.grants.as_ref().is_none_or(|grants| grants.iter().any(is_wanted))
    }

    fn allow(&self, privilege: Privilege, name: &TableName) -> bool {
        self.any(|grant| grant.gives(privilege) && grant.is_for(&name.schema, &name.table))
    }

    /// Returns whether a table exists for the principal.
    fn see(&self, name: &TableName) -> bool {
        self.any(|grant| grant.is_for(&name.schema, &name.table))
    }

    /// Returns whether a schema exists for the principal, which has these tables.
    pub(crate) fn see_schema(&self, schema: &str, tables: impl FnOnce() -> Vec<Entry>) -> bool {
        self.any(|grant| grant.is_for_all_of(schema))
            || (self.any(|grant| grant.is_within(schema))
                && tables().iter().any(|entry| self.see(&entry.name)))
    }

    /// Checks that the principal may do something with a table, or make or remove it.
    pub(crate) fn require(&self, privilege: Privilege, name: &TableName) -> Result<(), Error> {
        if self.allow(privilege, name) {
            return Ok(());
        }
        Err(refused(privilege, &name.to_string()))
    }

    /// Checks that the principal may make or remove a schema with everything in it.
    pub(crate) fn require_schema(&self, privilege: Privilege, schema: &str) -> Result<(), Error> {
        if self.any(|grant| grant.gives(privilege) && grant.is_for_all_of(schema)) {
            return Ok(());
        }
        Err(refused(privilege, &format!("{schema}.*")))
    }
}

fn refused(privilege: Privilege, name: &str) -> Error {
    let privilege = privilege.name();
    Error::new(Code::PermissionDenied, format!("there is no grant of {privilege} on \"{name}\""))
        .with_hint(format!("Ask for a role with the grant \"{privilege} ON {name}\"."))
}

/// The catalog as the principal of a statement sees it.
impl Scope {
    /// Finds a table or view, whatever the letter case of its name.
    pub(crate) fn entry(&self, name: &TableName) -> Option<Entry> {
        self.engine.catalog.entry(name).filter(|entry| self.sees(&entry.name))
    }

    /// Returns the tables and views of a schema, by name.
    pub(crate) fn entries(&self, schema: &str) -> Vec<Entry> {
        let mut entries = self.engine.catalog.entries(schema);
        if self.rights.is_limited() {
            entries.retain(|entry| self.sees(&entry.name));
        }
        entries
    }

    /// Returns whether there is such a schema, whatever the letter case.
    pub(crate) fn has_schema(&self, schema: &str) -> bool {
        let catalog = &self.engine.catalog;
        catalog.has_schema(schema) && self.rights.see_schema(schema, || catalog.entries(schema))
    }

    /// Checks that the principal may do something with a table; what belongs to the session is its
    /// own.
    pub(crate) fn require(&self, privilege: Privilege, name: &TableName) -> Result<(), Error> {
        if self.is_temporary(name) { Ok(()) } else { self.rights.require(privilege, name) }
    }

    /// Checks that the principal may name a location.
    pub(crate) fn check_location(&self, location: &str) -> Result<(), Error> {
        if !self.rights.any(|grant| *grant == Grant::Locations) {
            let message = "there is no grant of COPY, which files and other locations need";
            return Err(Error::new(Code::PermissionDenied, message)
                .with_hint("Ask for a role with the grant \"COPY\"."));
        }
        Ok(self.engine.catalog.check_location(location, self.access)?)
    }

    /// Returns whether the text of the view that is being opened, if one is, may name this.
    pub(crate) fn may_name(&self, name: &TableName) -> bool {
        let key = |name: &TableName| (name.schema.to_lowercase(), name.table.to_lowercase());
        let is_this = |known: &TableName| key(known) == key(name);
        self.reads.as_ref().is_none_or(|reads| reads.iter().any(is_this))
    }

    /// Returns the scope of what is told of the catalog, which is for the one who reads.
    pub(crate) fn of_reader(&self, reader: &Rights) -> Self {
        Self { rights: reader.clone(), reader: None, reads: None, ..self.clone() }
    }

    /// Returns whether the principal may itself read all of these tables, views and locations.
    pub(crate) fn may_read_all(&self, names: &[TableName]) -> bool {
        names.iter().all(|name| {
            if name.schema.is_empty() {
                self.rights.any(|grant| *grant == Grant::Locations)
            } else {
                self.is_temporary(name) || self.rights.allow(Privilege::Select, name)
            }
        })
    }

    /// Returns the text of a view, if the principal may itself read all that it names.
    pub(crate) fn definition<'a>(&self, entry: &'a Entry) -> Option<&'a str> {
        let EntryKind::View { sql, reads } = &entry.kind else { return None };
        let is_known = || reads.as_ref().is_some_and(|reads| self.may_read_all(reads));
        (!self.rights.is_limited() || is_known()).then_some(sql.as_str())
    }

    /// Returns whether the principal may read the text of a query of the list.
    pub(crate) fn may_read(&self, query: &QueryInfo) -> bool {
        let identity = self.state.config_options().extensions.get::<Identity>();
        !self.rights.is_limited() || identity.is_some_and(|identity| identity.user == query.user)
    }

    fn sees(&self, name: &TableName) -> bool {
        self.may_name(name) && (self.is_temporary(name) || self.rights.see(name))
    }
}
