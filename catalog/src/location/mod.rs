//! Where files are: paths, globs, directories and URLs as people write them.

mod access;
mod store;

use std::path::{Component, Path, PathBuf};

use datafusion::execution::object_store::ObjectStoreUrl;
use glob::{MatchOptions, Pattern};
use object_store::path::Path as ObjectPath;
use url::Url;

use crate::CatalogError;

pub use self::access::Access;
pub(crate) use self::access::{AccessRules, is_below};
pub(crate) use self::store::Stores;

/// A place of one file, of all files below a directory, or of those that match a glob.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    /// The location as it was written.
    pub(crate) text: String,
    /// The file, or the directory with a slash at its end.
    pub(crate) url: Url,
    /// Matches paths below the directory; none means all of them.
    glob: Option<Pattern>,
}

impl Location {
    /// Returns the location that a user wrote: a path, a path with `*`, `?`, `[..]` or `**`, or a
    /// URL. Relative paths start at the directory of the process.
    pub(crate) fn parse(text: &str) -> Result<Self, CatalogError> {
        let invalid =
            |reason: String| CatalogError::InvalidLocation { location: text.to_owned(), reason };
        if text.is_empty() || text.contains('\0') {
            return Err(invalid("a path or URL is expected".to_owned()));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Self::parse_path(text, text);
        };
        match scheme.to_ascii_lowercase().as_str() {
            "file" => {
                let url = Url::parse(text).map_err(|error| invalid(error.to_string()))?;
                let path = url
                    .to_file_path()
                    .map_err(|()| invalid("not an absolute file URL".to_owned()))?;
                let mut path = path.to_string_lossy().into_owned();
                if url.path().ends_with('/') && !path.ends_with('/') {
                    path.push('/');
                }
                Self::parse_path(text, &path)
            }
            "http" | "https" => {
                let url = Url::parse(text).map_err(|error| invalid(error.to_string()))?;
                if url.query().is_some() {
                    return Err(invalid("query strings are not supported".to_owned()));
                }
                Ok(Self { text: text.to_owned(), url, glob: None })
            }
            scheme => {
                let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
                let (base, pattern) = split_glob(path);
                // The path of an object is taken as it is written, so what a URL would decode is
                // encoded first.
                let encoded = base.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                let url = Url::parse(&format!("{scheme}://{authority}/{encoded}"))
                    .map_err(|error| invalid(error.to_string()))?;
                ObjectPath::from_url_path(url.path())
                    .map_err(|error| invalid(error.to_string()))?;
                let glob = pattern.map(Pattern::new).transpose();
                let glob = glob.map_err(|error| invalid(error.to_string()))?;
                Ok(Self { text: text.to_owned(), url, glob })
            }
        }
    }

    /// Returns the location of a file or directory that is known to be one.
    pub(crate) fn from_url(url: Url) -> Self {
        Self { text: url.to_string(), url, glob: None }
    }

    fn parse_path(text: &str, path: &str) -> Result<Self, CatalogError> {
        let invalid =
            |reason: String| CatalogError::InvalidLocation { location: text.to_owned(), reason };
        let absolute = absolute(Path::new(path))
            .map_err(|error| CatalogError::io(text, error))?
            .to_string_lossy()
            .into_owned();
        let (base, pattern) = match split_glob(&absolute) {
            // A file may have such a name.
            (_, Some(_)) if Path::new(&absolute).try_exists().unwrap_or(false) => {
                (absolute.as_str(), None)
            }
            parts => parts,
        };
        let glob = pattern.map(Pattern::new).transpose();
        let glob = glob.map_err(|error| invalid(error.to_string()))?;
        let base = Path::new(base);
        let is_directory = glob.is_some() || path.ends_with('/') || base.is_dir();
        let url =
            if is_directory { Url::from_directory_path(base) } else { Url::from_file_path(base) };
        let url = url.map_err(|()| invalid("not an absolute path".to_owned()))?;
        Ok(Self { text: text.to_owned(), url, glob })
    }

    /// Returns whether this is more than one named file.
    pub(crate) fn is_collection(&self) -> bool {
        self.glob.is_some() || self.url.path().ends_with('/')
    }

    /// Returns whether this is a directory without a pattern.
    pub(crate) fn is_directory(&self) -> bool {
        self.glob.is_none() && self.url.path().ends_with('/')
    }

    /// Returns the local path, if this is on the local file system.
    pub(crate) fn local_path(&self) -> Option<PathBuf> {
        if self.url.scheme() == "file" { self.url.to_file_path().ok() } else { None }
    }

    /// Returns the same location as a directory.
    pub(crate) fn into_directory(mut self) -> Self {
        self.url = directory_url(self.url);
        self
    }

    /// Returns the location in words that mean the same in every working directory.
    pub(crate) fn absolute_text(&self) -> String {
        let Some(path) = self.local_path() else {
            return self.text.clone();
        };
        let mut text = path.to_string_lossy().into_owned();
        if self.is_collection() && !text.ends_with('/') {
            text.push('/');
        }
        if let Some(glob) = &self.glob {
            text.push_str(glob.as_str());
        }
        text
    }

    /// Returns the path inside the object store.
    pub(crate) fn path(&self) -> Result<ObjectPath, CatalogError> {
        ObjectPath::from_url_path(self.url.path()).map_err(|error| CatalogError::InvalidLocation {
            location: self.text.clone(),
            reason: error.to_string(),
        })
    }

    /// Returns the identity of the object store.
    pub(crate) fn store_url(&self) -> Result<ObjectStoreUrl, CatalogError> {
        store_url(&self.url)
    }

    /// Returns whether a path below the base belongs to this location.
    pub(crate) fn matches(&self, relative: &str) -> bool {
        const OPTIONS: MatchOptions = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        self.glob.as_ref().is_none_or(|glob| glob.matches_with(relative, OPTIONS))
    }
}

/// Returns the identity of the object store of a URL.
pub(crate) fn store_url(url: &Url) -> Result<ObjectStoreUrl, CatalogError> {
    let text = &url[url::Position::BeforeScheme..url::Position::BeforePath];
    ObjectStoreUrl::parse(text).map_err(CatalogError::query)
}

/// Returns the URL with a slash at its end.
pub(crate) fn directory_url(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// Returns the path from the root, without `.` and `..`, by its text alone.
fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    let mut normal = PathBuf::new();
    for component in std::path::absolute(path)?.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            component => normal.push(component),
        }
    }
    Ok(normal)
}

/// Returns the directory before the first segment with a pattern, and the pattern.
fn split_glob(path: &str) -> (&str, Option<&str>) {
    let Some(wild) = path.find(['*', '?', '[']) else {
        return (path, None);
    };
    let start = path.get(..wild).and_then(|head| head.rfind('/')).map_or(0, |slash| slash + 1);
    (path.get(..start).unwrap_or_default(), path.get(start..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_urls() {
        let location = Location::parse("/no/such/../file name.csv").unwrap();
        assert_eq!(location.url.as_str(), "file:///no/file%20name.csv");
        assert!(!location.is_collection());
        assert!(Location::parse("/no/such/").unwrap().is_directory());
        assert!(Location::parse("/tmp").unwrap().is_directory());
        assert!(Location::parse("file:///tmp/").unwrap().is_directory());
        let relative = Location::parse("x/**/a*.csv").unwrap().absolute_text();
        let expected = std::env::current_dir().unwrap().join("x/**/a*.csv");
        assert_eq!(relative, expected.to_string_lossy());
    }

    #[test]
    fn globs_match_by_segment() {
        let location = Location::parse("/data/*/b?.csv").unwrap();
        assert_eq!(location.url.as_str(), "file:///data/");
        assert!(location.matches("x/b1.csv"));
        assert!(!location.matches("x/y/b1.csv"));
        assert!(!location.matches("b1.csv"));
        let deep = Location::parse("s3://bucket/a/**/*.parquet").unwrap();
        assert_eq!(deep.url.as_str(), "s3://bucket/a/");
        assert!(deep.matches("x.parquet") && deep.matches("y/z/x.parquet"));
        assert!(!deep.matches("x.csv"));
    }

    #[test]
    fn object_paths_are_literal() {
        let location = Location::parse("s3://bucket/a%20b/c d.csv").unwrap();
        assert_eq!(location.path().unwrap().as_ref(), "a%20b/c d.csv");
        assert_eq!(location.store_url().unwrap().as_str(), "s3://bucket/");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "a\0b", "https://host/x?y=1", "file://host/x", "s3://b/a[.csv"] {
            assert!(Location::parse(text).is_err(), "{text:?}");
        }
    }
}
