//! Who may name which location.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use url::Url;

use super::{Location, absolute};
use crate::CatalogError;

/// How a principal reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The user who runs the process; may name what the process can open.
    Local,
    /// A client on the network; may name what lies below an allowed location.
    Network,
}

/// The rules by which locations are allowed.
#[derive(Debug)]
pub(crate) struct AccessRules {
    allowed: Vec<Allowed>,
    data_directory: PathBuf,
}

#[derive(Debug)]
enum Allowed {
    Path(PathBuf),
    Url(Url),
}

impl AccessRules {
    /// Returns the rules for the allowed prefixes and the canonical data directory.
    pub(crate) fn try_new(
        allowed_locations: &[String],
        data_directory: PathBuf,
    ) -> Result<Self, CatalogError> {
        let mut allowed = Vec::with_capacity(allowed_locations.len());
        for text in allowed_locations {
            let location = Location::parse(text)?;
            allowed.push(match location.local_path() {
                Some(path) => Allowed::Path(
                    resolve(&path).map_err(|error| CatalogError::io(text.as_str(), error))?,
                ),
                None => Allowed::Url(location.url),
            });
        }
        Ok(Self { allowed, data_directory })
    }

    /// Checks that the principal may name the location.
    pub(crate) fn check(&self, location: &Location, access: Access) -> Result<(), CatalogError> {
        match access {
            Access::Local => Ok(()),
            Access::Network => self.check_network(location),
        }
    }

    /// Checks that nothing is written into the data directory past the catalog.
    pub(crate) fn check_target(&self, location: &Location) -> Result<(), CatalogError> {
        let Some(path) = location.local_path() else {
            return Ok(());
        };
        let path = resolve(&path).map_err(|error| CatalogError::io(&location.text, error))?;
        if path.starts_with(&self.data_directory) {
            return Err(denied(location, "it is inside the data directory"));
        }
        Ok(())
    }

    /// Returns the data directory if a listing below `base` has to step around it.
    pub(crate) fn hidden_below(&self, base: &Path) -> Option<&Path> {
        let base = resolve(base).ok()?;
        (self.data_directory.starts_with(&base) && self.data_directory != base)
            .then_some(self.data_directory.as_path())
    }

    fn check_network(&self, location: &Location) -> Result<(), CatalogError> {
        let Some(path) = location.local_path() else {
            let allowed = self.allowed.iter().any(|allowed| match allowed {
                Allowed::Url(prefix) => is_below(&location.url, prefix),
                Allowed::Path(_) => false,
            });
            return if allowed { Ok(()) } else { Err(denied(location, NOT_ALLOWED)) };
        };
        // Locations that are not allowed get the same answer whether or not they exist.
        let resolved = resolve(&path).map_err(|_hidden| denied(location, NOT_ALLOWED))?;
        if !self.is_allowed(&resolved) {
            return Err(denied(location, NOT_ALLOWED));
        }
        if location.is_collection() {
            self.check_links(location, &resolved)?;
        }
        Ok(())
    }

    /// Checks every symbolic link below a directory, since a listing follows them.
    fn check_links(&self, location: &Location, directory: &Path) -> Result<(), CatalogError> {
        let failed = |error: io::Error| CatalogError::io(&location.text, error);
        let mut seen = BTreeSet::new();
        let mut pending = vec![directory.to_owned()];
        while let Some(directory) = pending.pop() {
            if directory == self.data_directory || !seen.insert(directory.clone()) {
                continue;
            }
            let listing = match std::fs::read_dir(&directory) {
                Ok(listing) => listing,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            for entry in listing {
                let entry = entry.map_err(failed)?;
                let kind = entry.file_type().map_err(failed)?;
                if kind.is_dir() {
                    pending.push(entry.path());
                } else if kind.is_symlink() {
                    let Ok(target) = std::fs::canonicalize(entry.path()) else {
                        continue;
                    };
                    if !self.is_allowed(&target) {
                        return Err(denied(location, "a link below it leads out of it"));
                    }
                    if target.is_dir() {
                        pending.push(target);
                    }
                }
            }
        }
        Ok(())
    }

    fn is_allowed(&self, resolved: &Path) -> bool {
        !resolved.starts_with(&self.data_directory)
            && self.allowed.iter().any(|allowed| match allowed {
                Allowed::Path(prefix) => resolved.starts_with(prefix),
                Allowed::Url(_) => false,
            })
    }
}

const NOT_ALLOWED: &str = "it is not below one of the server's allowed locations";

fn denied(location: &Location, reason: &str) -> CatalogError {
    CatalogError::LocationDenied { location: location.text.clone(), reason: reason.to_owned() }
}

/// Returns whether a URL lies below another, by whole path segments.
pub(crate) fn is_below(url: &Url, prefix: &Url) -> bool {
    let same_store = url.scheme() == prefix.scheme()
        && url.host_str() == prefix.host_str()
        && url.port_or_known_default() == prefix.port_or_known_default();
    let prefix = prefix.path().trim_end_matches('/');
    same_store
        && url
            .path()
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the path with its symbolic links resolved, as far as it exists.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let path = absolute(path)?;
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        match std::fs::canonicalize(existing) {
            Ok(mut resolved) => {
                resolved.extend(missing.iter().rev());
                return Ok(resolved);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A dangling link could be filled in later, and then lead anywhere.
                if existing.is_symlink() {
                    return Err(error);
                }
                let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
                    return Err(error);
                };
                missing.push(name);
                existing = parent;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    struct Fixture {
        _directory: tempfile::TempDir,
        root: PathBuf,
        rules: AccessRules,
    }

    fn fixture() -> Fixture {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        for name in ["open/sub", "open/data", "secret"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        for name in ["open/a.csv", "open/sub/b.csv", "secret/s.csv", "open/data/m.sqlite"] {
            fs::write(root.join(name), "x").unwrap();
        }
        let allowed =
            [root.join("open").to_string_lossy().into_owned(), "s3://lake/public".to_owned()];
        let rules = AccessRules::try_new(&allowed, root.join("open/data")).unwrap();
        Fixture { _directory: directory, root, rules }
    }

    fn is_allowed(fixture: &Fixture, text: &str) -> bool {
        let text = text.replace('@', &fixture.root.to_string_lossy());
        let location = Location::parse(&text).unwrap();
        match fixture.rules.check(&location, Access::Network) {
            Ok(()) => true,
            Err(CatalogError::LocationDenied { .. }) => false,
            Err(error) => panic!("{text}: {error}"),
        }
    }

    #[test]
    fn only_allowed_prefixes_are_open() {
        let fixture = fixture();
        for text in ["@/open/a.csv", "@/open", "@/open/*.csv", "file://@/open/new/x.csv"] {
            assert!(is_allowed(&fixture, text), "{text}");
        }
        for text in ["@/secret/s.csv", "@/openly", "@/open/../secret/s.csv", "/etc/passwd", "@/**"]
        {
            assert!(!is_allowed(&fixture, text), "{text}");
        }
        assert!(is_allowed(&fixture, "s3://lake/public/x.parquet"));
        for text in
            ["s3://lake/publicly/x", "s3://lake/x", "s3://other/public/x", "gs://lake/public/x"]
        {
            assert!(!is_allowed(&fixture, text), "{text}");
        }
        assert!(!is_allowed(&fixture, "https://example.org/x.csv"));
    }

    #[test]
    fn links_that_lead_out_are_refused() {
        let fixture = fixture();
        symlink(fixture.root.join("open/a.csv"), fixture.root.join("open/sub/fine.csv")).unwrap();
        assert!(is_allowed(&fixture, "@/open/sub/"));
        symlink(fixture.root.join("secret"), fixture.root.join("open/sub/link")).unwrap();
        symlink(fixture.root.join("nowhere"), fixture.root.join("open/dangling")).unwrap();
        for text in ["@/open/sub/link/s.csv", "@/open/sub/", "@/open/**/*.csv", "@/open/dangling"] {
            assert!(!is_allowed(&fixture, text), "{text}");
        }
    }

    #[test]
    fn the_data_directory_stays_closed() {
        let fixture = fixture();
        assert!(!is_allowed(&fixture, "@/open/data/m.sqlite"));
        assert!(!is_allowed(&fixture, "@/open/data/"));
        let inside = format!("{}/open/data/x.csv", fixture.root.display());
        let inside = Location::parse(&inside).unwrap();
        assert!(fixture.rules.check_target(&inside).is_err());
        assert!(fixture.rules.hidden_below(&fixture.root.join("open")).is_some());
        assert!(fixture.rules.hidden_below(&fixture.root.join("open/sub")).is_none());
    }

    #[test]
    fn the_local_user_may_name_anything() {
        let fixture = fixture();
        let location = Location::parse("/etc/passwd").unwrap();
        assert!(fixture.rules.check(&location, Access::Local).is_ok());
    }
}
