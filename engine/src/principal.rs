//! Who runs a statement, and what they may do.

pub use godwit_catalog::Access;

/// Who runs a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The name shown by `current_user` and in the query list.
    pub name: String,
    /// Where the principal comes from, which decides the locations it may name.
    pub access: Access,
    /// What the principal may change.
    pub role: Role,
}

impl Principal {
    /// Returns the principal of the person at the command line, who may do everything.
    pub fn local(name: impl Into<String>) -> Self {
        Self { name: name.into(), access: Access::Local, role: Role::Admin }
    }
}

/// What a principal may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// May query.
    Reader,
    /// May also create, fill and drop tables and views.
    Writer,
    /// May also end the queries of others.
    Admin,
}

impl Role {
    /// Returns the role's name in configuration files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Admin => "admin",
        }
    }
}
