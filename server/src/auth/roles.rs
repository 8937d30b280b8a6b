//! Roles by name: what the bearers of credentials may do.

use std::collections::HashMap;

use godwit_config::{Grant, NamedRole, Role as ConfigRole};
use godwit_engine::{Access, Principal, Rights, Role};

/// The roles of a configuration, beside those that are always there.
#[derive(Debug)]
pub(super) struct Roles {
    named: HashMap<String, Vec<Grant>>,
}

impl Roles {
    pub(super) fn new(roles: &[NamedRole]) -> Self {
        let entry = |role: &NamedRole| {
            let grants = role.grants.iter().flat_map(|text| Grant::parse(text));
            (role.name.clone(), grants.collect())
        };
        Self { named: roles.iter().map(entry).collect() }
    }

    /// Returns somebody with all that any of the roles gives.
    pub(super) fn principal(&self, name: &str, roles: &[ConfigRole]) -> Principal {
        let mut names: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
        names.sort();
        names.dedup();
        let greatest = |role| roles.contains(&role);
        let (role, rights) = if greatest(ConfigRole::Admin) {
            (Role::Admin, Rights::all())
        } else if greatest(ConfigRole::Writer) {
            (Role::Writer, Rights::all())
        } else if roles.iter().any(|role| matches!(role, ConfigRole::Named(_))) {
            // Which statements are possible is up to the grants alone.
            (Role::Writer, Rights::of(self.grants(roles)))
        } else {
            (Role::Reader, Rights::all())
        };
        Principal { name: name.to_owned(), access: Access::Network, role, roles: names, rights }
    }

    fn grants(&self, roles: &[ConfigRole]) -> Vec<Grant> {
        let mut grants = Vec::new();
        for role in roles {
            match role {
                ConfigRole::Named(name) => {
                    grants.extend(self.named.get(name).into_iter().flatten().cloned());
                }
                _ => grants.extend(["SELECT ON *.*", "COPY"].iter().flat_map(|g| Grant::parse(g))),
            }
        }
        grants
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_add_up() {
        let role = |name: &str, grants: &[&str]| NamedRole {
            name: name.to_owned(),
            grants: grants.iter().map(|&grant| grant.to_owned()).collect(),
        };
        let roles = Roles::new(&[
            role("analyst", &["SELECT ON maps.*"]),
            role("loader", &["INSERT ON raw.*"]),
        ]);
        let named = |name: &str| ConfigRole::Named(name.to_owned());
        let of = |given: &[ConfigRole]| roles.principal("ada", given);
        let analyst = of(&[named("analyst")]);
        assert!(analyst.rights.is_limited() && analyst.is_read_only());
        let both = of(&[named("loader"), named("analyst"), named("loader")]);
        assert!(both.rights.is_limited() && !both.is_read_only());
        assert_eq!(both.roles, ["analyst", "loader"]);
        assert_ne!(both.identity(), analyst.identity());
        let reading = of(&[ConfigRole::Reader, named("loader")]);
        assert!(reading.rights.is_limited() && !reading.is_read_only());
        let greatest = of(&[named("analyst"), ConfigRole::Admin, ConfigRole::Reader]);
        assert_eq!((greatest.role, greatest.rights), (Role::Admin, Rights::all()));
        let reader = of(&[ConfigRole::Reader]);
        assert_eq!((reader.role, reader.rights.is_limited()), (Role::Reader, false));
        // A role that is gone gives nothing, not everything.
        assert!(of(&[named("gone")]).rights.is_limited());
        assert_eq!(of(&[]).role, Role::Reader);
    }
}
