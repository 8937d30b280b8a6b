//! Loading: defaults, the file, the environment and the flags become one [`Config`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::section::{Content, Node, Origin, Section as _};
use crate::source::{self, Environment};
use crate::{Config, ConfigError};

/// Names the configuration file when no flag does.
const FILE_VARIABLE: &str = "GODWIT_CONFIG";

/// Settings given as flags; they win over everything else.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    values: Vec<(String, String)>,
}

impl Overrides {
    /// Sets a key such as `listen.http_addr`.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((key.into(), value.into()));
        self
    }

    /// Sets a key if there is a value for it.
    #[must_use]
    pub fn with_option(self, key: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }
}

impl Config {
    /// Returns the settings of defaults, file, environment and flags, in rising precedence.
    pub fn load(file: Option<&Path>, flags: &Overrides) -> Result<Self, ConfigError> {
        Self::load_with(file, &environment(), flags)
    }

    pub(crate) fn load_with(
        file: Option<&Path>,
        environment: &Environment,
        flags: &Overrides,
    ) -> Result<Self, ConfigError> {
        let mut root = match file {
            Some(path) => read_file(path)?,
            None => Node::root(Origin::Flag { name: Arc::from("defaults") }),
        };
        source::apply(environment, &mut root)?;
        let directory = file.and_then(Path::parent).unwrap_or(Path::new(""));
        source::resolve(&mut root, environment, directory)?;
        for (key, value) in &flags.values {
            let name = key.rsplit('.').next().unwrap_or(key).replace('_', "-");
            let origin = Origin::Flag { name: Arc::from(format!("--{name}")) };
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            root.insert(&path, &origin, Content::Loose(value.clone()))?;
        }
        let config = Self::read(root)?;
        config.validate()?;
        Ok(config)
    }
}

/// Returns the file that the environment variable `GODWIT_CONFIG` names.
pub fn config_file_from_environment() -> Option<PathBuf> {
    std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Returns an environment variable that is not a setting, such as `NO_COLOR`.
pub fn environment_variable(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok()
}

fn environment() -> Environment {
    let text = |value: std::ffi::OsString| value.into_string().ok();
    std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect()
}

fn read_file(path: &Path) -> Result<Node, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    source::parse(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthMode, Role};

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let mut root = source::parse(Path::new("godwit.toml"), text)?;
        let environment =
            environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        source::apply(&environment, &mut root)?;
        source::resolve(&mut root, &environment, Path::new(""))?;
        let config = Config::read(root)?;
        config.validate()?;
        Ok(config)
    }

    fn message(text: &str, environment: &[(&str, &str)]) -> String {
        load(text, environment).unwrap_err().to_string()
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let config = load(
            "[listen]\nhttp_addr = \"127.0.0.1:1\"\nflight_addr = \"localhost:2\"\n",
            &[
                ("GODWIT_LISTEN__HTTP_ADDR", "127.0.0.1:3"),
                ("GODWIT_LIMITS__MEMORY_BYTES", "512MB"),
                ("GODWIT_LIMITS__MAX_CONCURRENT_QUERIES", "3"),
                ("GODWIT_STORAGE__ALLOWED_LOCATIONS", "/a, s3://b/"),
                ("GODWIT_TABLE__PLACES__LOCATION", "/places.parquet"),
                ("GODWIT_PORT_8080_TCP", "ignored"),
            ],
        )
        .unwrap();
        assert_eq!(config.listen.http_addr.port(), 3);
        assert_eq!(config.listen.flight_addr.port(), 2);
        assert_eq!(config.limits.memory_bytes, Some(512_000_000));
        assert_eq!(config.limits.max_concurrent_queries, Some(3));
        assert_eq!(config.storage.allowed_locations, ["/a", "s3://b/"]);
        assert_eq!(config.table["places"].location, "/places.parquet");
    }

    #[test]
    fn flags_win_over_everything() {
        let flags = Overrides::default()
            .with("storage.data_dir", "/x")
            .with_option("listen.http_addr", Some("127.0.0.1:9"));
        let environment =
            Environment::from([("GODWIT_LISTEN__HTTP_ADDR".to_owned(), "127.0.0.1:3".to_owned())]);
        let config = Config::load_with(None, &environment, &flags).unwrap();
        assert_eq!(config.listen.http_addr.port(), 9);
        assert_eq!(config.storage.data_dir, Path::new("/x"));
        let broken = Overrides::default().with("listen.http_addr", "nowhere");
        let error = Config::load_with(None, &Environment::new(), &broken).unwrap_err().to_string();
        assert!(error.starts_with("flag --http-addr: "), "{error}");
    }

    #[test]
    fn unknown_keys_name_line_and_nearest_spelling() {
        let text = "[listen]\n\nhtp_addr = \"127.0.0.1:1\"\n";
        let expected = "godwit.toml line 3: unknown setting \"listen.htp_addr\"; \
                        did you mean \"http_addr\"?";
        assert_eq!(message(text, &[]), expected);
        assert_eq!(
            message("[limts]\n", &[]),
            "godwit.toml line 1: unknown setting \"limts\"; did you mean \"limits\"?"
        );
        let variable = [("GODWIT_LIMITS__MEMORY_BYTE", "1")];
        assert!(message("", &variable).contains("did you mean \"memory_bytes\"?"));
    }

    #[test]
    fn wrong_values_are_refused_without_being_shown() {
        let error = message("[auth]\nmode = \"hunter2\"\n", &[]);
        assert!(error.contains("line 2") && error.contains("auth.mode"), "{error}");
        assert!(error.contains("required") && !error.contains("hunter2"), "{error}");
        let text = "[auth]\n[[auth.tokens]]\nname = \"a\"\nvalue = \"b\"\nrole = \"hunter2\"\n";
        let error = message(text, &[]);
        assert!(error.contains("auth.tokens.role") && error.contains("reader"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        assert!(message("[limits\n", &[]).contains("line 1: not valid TOML"));
        assert!(message("[limits]\nmemory_fraction = 7\n", &[]).contains("memory_fraction"));
        assert!(message("listen = 7\n", &[]).contains("must be a section"));
        assert!(message("[table.t]\nformat = \"CSV\"\n", &[]).contains("\"table.t.location\""));
    }

    #[test]
    fn addresses_on_the_network_need_authentication() {
        let text = "[listen]\nhttp_addr = \"0.0.0.0:8080\"\n";
        assert!(message(text, &[]).contains("auth"));
        let text = format!(
            "{text}[auth]\nmode = \"required\"\n[[auth.tokens]]\nname = \"a\"\n\
             value = \"${{env:TOKEN}}\"\nrole = \"admin\"\n"
        );
        assert!(message(&text, &[]).contains("TOKEN"));
        let config = load(&text, &[("TOKEN", "s3cret")]).unwrap();
        assert_eq!(config.auth.mode, AuthMode::Required);
        assert_eq!(config.auth.tokens[0].role, Role::Admin);
        assert_eq!(config.auth.tokens[0].value.as_ref().unwrap().expose(), "s3cret");
        assert!(!config.print_masked().contains("s3cret"));
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
