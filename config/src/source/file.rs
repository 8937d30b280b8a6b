//! The TOML file as a tree of nodes with line numbers.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::ConfigError;
use crate::section::{Content, Node, Origin};

/// Returns the values of a file.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Node, ConfigError> {
    let lines = Lines { path: Arc::from(path), text };
    let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        origin: lines.origin(error.span().unwrap_or_default()).to_string(),
        reason: error.message().lines().next().unwrap_or_default().to_owned(),
    })?;
    let origin = lines.origin(0..0);
    let content = lines.table("", table.get_ref())?;
    Ok(Node { key: String::new(), origin, content })
}

struct Lines<'a> {
    path: Arc<Path>,
    text: &'a str,
}

impl Lines<'_> {
    fn origin(&self, span: Range<usize>) -> Origin {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        Origin::File { path: Arc::clone(&self.path), line }
    }

    fn table(&self, key: &str, table: &DeTable<'_>) -> Result<Content, ConfigError> {
        let mut entries = BTreeMap::new();
        for (name, value) in table {
            let origin = self.origin(name.span());
            let name = name.get_ref().to_string();
            let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            let content = self.content(&key, &origin, value.get_ref())?;
            entries.insert(name, Node { key, origin, content });
        }
        Ok(Content::Table(entries))
    }

    fn content(
        &self,
        key: &str,
        origin: &Origin,
        value: &DeValue<'_>,
    ) -> Result<Content, ConfigError> {
        let invalid = |reason: &str| ConfigError::Invalid {
            origin: origin.to_string(),
            key: key.to_owned(),
            reason: reason.to_owned(),
        };
        Ok(match value {
            DeValue::String(text) => Content::Value(toml::Value::String(text.to_string())),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
                let number = parsed.ok_or_else(|| invalid("is too large a number"))?;
                Content::Value(toml::Value::Integer(number))
            }
            DeValue::Float(number) => {
                let parsed = number.as_str().parse().ok();
                let number = parsed.ok_or_else(|| invalid("is not a number"))?;
                Content::Value(toml::Value::Float(number))
            }
            DeValue::Boolean(flag) => Content::Value(toml::Value::Boolean(*flag)),
            DeValue::Datetime(_) => return Err(invalid("is a date, which no setting takes")),
            DeValue::Array(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for item in items {
                    let origin = self.origin(item.span());
                    let content = self.content(key, &origin, item.get_ref())?;
                    nodes.push(Node { key: key.to_owned(), origin, content });
                }
                Content::List(nodes)
            }
            DeValue::Table(table) => self.table(key, table)?,
        })
    }
}
