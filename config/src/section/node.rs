//! The tree of values on their way into a section, each knowing where it was written.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::ConfigError;
use crate::section::Field;

/// Where a value was written.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    File { path: Arc<Path>, line: usize },
    Environment { variable: Arc<str> },
    Flag { name: Arc<str> },
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(formatter, "{} line {line}", path.display()),
            Self::Environment { variable } => write!(formatter, "environment variable {variable}"),
            Self::Flag { name } => write!(formatter, "flag {name}"),
        }
    }
}

/// A value with its key and origin.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The key with its sections, such as `listen.http_addr`; empty at the root.
    pub(crate) key: String,
    pub(crate) origin: Origin,
    pub(crate) content: Content,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Value(toml::Value),
    /// Text from the environment or a flag, whose type the setting decides.
    Loose(String),
    Table(BTreeMap<String, Node>),
    List(Vec<Node>),
}

impl Node {
    pub(crate) fn root(origin: Origin) -> Self {
        Self { key: String::new(), origin, content: Content::Table(BTreeMap::new()) }
    }

    /// Puts a value at a path of keys, over what is there.
    pub(crate) fn insert(
        &mut self,
        path: &[String],
        origin: &Origin,
        content: Content,
    ) -> Result<(), ConfigError> {
        let Some((first, rest)) = path.split_first() else {
            self.content = content;
            self.origin = origin.clone();
            return Ok(());
        };
        let key = self.child_key(first);
        let Content::Table(entries) = &mut self.content else {
            return Err(self.invalid("is a value, not a section"));
        };
        let child = entries.entry(first.clone()).or_insert_with(|| Self {
            key,
            origin: origin.clone(),
            content: Content::Table(BTreeMap::new()),
        });
        child.insert(rest, origin, content)
    }

    pub(crate) fn child_key(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) }
    }

    /// Returns the values of a section after checking that each key exists and none is missing.
    pub(crate) fn into_entries(
        self,
        fields: &[Field],
    ) -> Result<BTreeMap<String, Self>, ConfigError> {
        let Content::Table(entries) = self.content else {
            return Err(self.invalid("must be a section"));
        };
        for (name, child) in &entries {
            if !fields.iter().any(|field| field.name == name) {
                return Err(ConfigError::UnknownKey {
                    origin: child.origin.to_string(),
                    key: child.key.clone(),
                    nearest: nearest(name, fields),
                });
            }
        }
        let missing =
            fields.iter().find(|field| field.required && !entries.contains_key(field.name));
        if let Some(field) = missing {
            let key = if self.key.is_empty() {
                field.name.to_owned()
            } else {
                format!("{}.{}", self.key, field.name)
            };
            return Err(ConfigError::Missing { origin: self.origin.to_string(), key });
        }
        Ok(entries)
    }

    pub(crate) fn invalid(&self, reason: impl Into<String>) -> ConfigError {
        ConfigError::Invalid {
            origin: self.origin.to_string(),
            key: self.key.clone(),
            reason: reason.into(),
        }
    }

    /// Returns the node as plain TOML, for values with a structure of their own.
    pub(crate) fn to_toml(&self) -> toml::Value {
        match &self.content {
            Content::Value(value) => value.clone(),
            Content::Loose(text) => toml::Value::String(text.clone()),
            Content::Table(entries) => toml::Value::Table(
                entries.iter().map(|(name, child)| (name.clone(), child.to_toml())).collect(),
            ),
            Content::List(items) => toml::Value::Array(items.iter().map(Self::to_toml).collect()),
        }
    }
}

fn nearest(name: &str, fields: &[Field]) -> Option<String> {
    let distance = |field: &Field| strsim::damerau_levenshtein(name, field.name);
    let best = fields.iter().min_by_key(|field| distance(field))?;
    (distance(best) <= 2 + name.len() / 4).then(|| best.name.to_owned())
}
