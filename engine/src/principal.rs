//! Who runs a statement, and what they may do.

pub use godwit_catalog::Access;

use crate::rights::Rights;

/// Who runs a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The name shown by `current_user` and in the query list.
    pub name: String,
    /// Where the principal comes from, which decides the locations it may name.
    pub access: Access,
    /// What the principal may change.
    pub role: Role,
    /// The names of the roles that it has, for what stands in for it later.
    pub roles: Vec<String>,
    /// The tables that it may see and change.
    pub rights: Rights,
}

impl Principal {
    /// Returns the principal of the person at the command line, who may do everything.
    pub fn local(name: impl Into<String>) -> Self {
        Self { access: Access::Local, ..Self::network(name, Role::Admin) }
    }

    /// Returns a principal on the network with a role that every server has.
    pub fn network(name: impl Into<String>, role: Role) -> Self {
        Self {
            name: name.into(),
            access: Access::Network,
            role,
            roles: vec![role.name().to_owned()],
            rights: Rights::all(),
        }
    }

    /// Returns what tells the principal from all others, among them those of the same name with
    /// other roles.
    pub fn identity(&self) -> String {
        format!("{} ({})", self.name, self.roles.join(","))
    }

    /// Returns whether the principal may change nothing at all.
    pub fn is_read_only(&self) -> bool {
        self.role == Role::Reader || self.rights.is_read_only()
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
