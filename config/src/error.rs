//! What can be wrong with a configuration, in words that say where and what to type.

use std::path::PathBuf;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read configuration file \"{}\": {source}", path.display())]
    Read {
        /// The file that was named.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{origin}: not valid TOML: {reason}")]
    Syntax {
        /// File and line.
        origin: String,
        /// What the parser said, without the offending text.
        reason: String,
    },
    /// A key that no setting has.
    #[error("{origin}: unknown setting \"{key}\"{}", did_you_mean(nearest.as_deref()))]
    UnknownKey {
        /// File and line, environment variable or flag.
        origin: String,
        /// The key with its sections.
        key: String,
        /// The closest spelling that exists.
        nearest: Option<String>,
    },
    /// A value that its setting cannot take.
    #[error("{origin}: setting \"{key}\" {reason}")]
    Invalid {
        /// File and line, environment variable or flag.
        origin: String,
        /// The key with its sections.
        key: String,
        /// What is expected, without the value.
        reason: String,
    },
    /// A required key is absent.
    #[error("{origin}: setting \"{key}\" is missing")]
    Missing {
        /// File and line, environment variable or flag.
        origin: String,
        /// The key with its sections.
        key: String,
    },
    /// Settings that do not go together.
    #[error("setting \"{key}\" {reason}; {hint}")]
    Refused {
        /// The key with its sections.
        key: String,
        /// Why it is refused.
        reason: String,
        /// What to do.
        hint: String,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean \"{nearest}\"?")).unwrap_or_default()
}
