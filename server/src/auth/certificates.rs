//! Client certificates: which principal a name in one stands for.

use godwit_config::{CertificateRule, Role, fits};

use crate::auth::AuthError;
use crate::net::ClientCertificate;

/// The rules of a configuration.
#[derive(Debug)]
pub(super) struct Certificates {
    rules: Vec<CertificateRule>,
}

impl Certificates {
    pub(super) fn new(rules: &[CertificateRule]) -> Self {
        Self { rules: rules.to_vec() }
    }

    /// Returns the name of the bearer with its role: the first rule that fits a name counts. Nobody
    /// where certificates only open the connection.
    pub(super) fn bearer(
        &self,
        certificate: &ClientCertificate,
    ) -> Result<Option<(String, Role)>, AuthError> {
        if self.rules.is_empty() {
            return Ok(None);
        }
        for rule in &self.rules {
            let mut names = certificate.names().iter();
            if let Some(name) = names.find(|name| fits(&rule.name, name)) {
                return Ok(Some((name.clone(), rule.role.clone())));
            }
        }
        Err(AuthError::Unnamed { names: certificate.names().join(", ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_counts() {
        let rule = |name: &str, role| CertificateRule { name: name.to_owned(), role };
        let certificates = Certificates::new(&[
            rule("boss@example.org", Role::Admin),
            rule("*@example.org", Role::Reader),
        ]);
        let of = |names: &[&str]| certificates.bearer(&ClientCertificate::of(names));
        let boss = of(&["host.example.org", "boss@example.org"]).unwrap().unwrap();
        assert_eq!(boss, ("boss@example.org".to_owned(), Role::Admin));
        let ada = of(&["ada@example.org"]).unwrap().unwrap();
        assert_eq!(ada, ("ada@example.org".to_owned(), Role::Reader));
        let stranger = of(&["eve@example.com"]).unwrap_err().to_string();
        assert!(stranger.contains("eve@example.com"), "{stranger}");
        assert!(of(&[]).is_err());
        assert_eq!(Certificates::new(&[]).bearer(&ClientCertificate::of(&["a"])), Ok(None));
    }
}
