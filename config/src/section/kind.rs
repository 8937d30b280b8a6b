//! The kinds of values: how each is read from TOML or from text, and written back.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ConfigError;
use crate::section::{Content, Field, Node, Section, Shape};

/// Reads and writes a setting of type `T`.
pub(crate) trait Kind<T> {
    const SHAPE: Shape;

    fn read(node: Node) -> Result<T, ConfigError>;

    fn write(value: &T) -> Option<toml::Value>;
}

/// Anything serde knows: texts, numbers, lists of texts, maps of texts, enums.
pub(crate) struct Plain;

impl<T: Serialize + DeserializeOwned> Kind<T> for Plain {
    const SHAPE: Shape = Shape::Value;

    fn read(node: Node) -> Result<T, ConfigError> {
        // Serde's message may repeat the value, which may be a secret: only what was expected
        // is passed on.
        if let Ok(value) = node.to_toml().try_into() {
            return Ok(value);
        }
        let Content::Loose(text) = &node.content else {
            return Err(node.invalid(expectation::<T>()));
        };
        let parsed = typed(text).and_then(|value| value.try_into().ok());
        let listed = || {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            let items = items.map(|item| toml::Value::String(item.to_owned())).collect();
            toml::Value::Array(items).try_into().ok()
        };
        parsed.or_else(listed).ok_or_else(|| node.invalid(expectation::<T>()))
    }

    fn write(value: &T) -> Option<toml::Value> {
        toml::Value::try_from(value).ok()
    }
}

/// A map of texts, whose values may be written as numbers and booleans too.
pub(crate) struct Texts;

impl Kind<BTreeMap<String, String>> for Texts {
    const SHAPE: Shape = Shape::Value;

    fn read(node: Node) -> Result<BTreeMap<String, String>, ConfigError> {
        let node = structured(node);
        let Content::Table(entries) = &node.content else {
            return Err(node.invalid("must be a map of texts"));
        };
        let text = |child: &Node| match child.to_toml() {
            toml::Value::String(text) => Ok(text),
            toml::Value::Integer(number) => Ok(number.to_string()),
            toml::Value::Float(number) => Ok(number.to_string()),
            toml::Value::Boolean(flag) => Ok(flag.to_string()),
            _ => Err(child.invalid("must be a text")),
        };
        entries.iter().map(|(name, child)| Ok((name.clone(), text(child)?))).collect()
    }

    fn write(value: &BTreeMap<String, String>) -> Option<toml::Value> {
        toml::Value::try_from(value).ok()
    }
}

/// A number of bytes, as a number or as text such as "512MB".
pub(crate) struct Size;

impl Kind<u64> for Size {
    const SHAPE: Shape = Shape::Value;

    fn read(node: Node) -> Result<u64, ConfigError> {
        let bytes = match node.to_toml() {
            toml::Value::Integer(number) => u64::try_from(number).ok(),
            toml::Value::String(text) => parse_size(&text),
            _ => None,
        };
        bytes.ok_or_else(|| node.invalid("must be a size such as \"512MB\" or \"4GiB\""))
    }

    fn write(value: &u64) -> Option<toml::Value> {
        Some(toml::Value::String(format_size(*value)))
    }
}

impl Kind<Option<u64>> for Size {
    const SHAPE: Shape = Shape::Value;

    fn read(node: Node) -> Result<Option<u64>, ConfigError> {
        <Self as Kind<u64>>::read(node).map(Some)
    }

    fn write(value: &Option<u64>) -> Option<toml::Value> {
        value.as_ref().and_then(<Self as Kind<u64>>::write)
    }
}

const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

fn parse_size(text: &str) -> Option<u64> {
    let digits =
        text.trim().find(|character: char| !character.is_ascii_digit() && character != '.');
    let (number, unit) = text.trim().split_at(digits.unwrap_or(text.trim().len()));
    let unit = unit.trim();
    let scale = if unit.is_empty() {
        1
    } else {
        UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?.1
    };
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(scale);
    }
    let bytes = number.parse::<f64>().ok()? * scale as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked on the same line"
    )]
    (0.0..1e18).contains(&bytes).then_some(bytes as u64)
}

fn format_size(bytes: u64) -> String {
    let exact = UNITS.iter().find(|(_, scale)| bytes >= *scale && bytes.is_multiple_of(*scale));
    exact.map_or_else(|| format!("{bytes}B"), |(name, scale)| format!("{}{name}", bytes / scale))
}

/// An address to listen on: `HOST:PORT`, where the host is an IP address or `localhost`.
pub(crate) struct Address;

impl Kind<SocketAddr> for Address {
    const SHAPE: Shape = Shape::Value;

    fn read(node: Node) -> Result<SocketAddr, ConfigError> {
        let value = node.to_toml();
        let text = value.as_str().unwrap_or_default().trim();
        let text = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
        let text = text.as_deref().or(value.as_str()).unwrap_or_default();
        let reason = "must be an address such as \"127.0.0.1:8080\"";
        text.trim().parse().ok().ok_or_else(|| node.invalid(reason))
    }

    fn write(value: &SocketAddr) -> Option<toml::Value> {
        Some(toml::Value::String(value.to_string()))
    }
}

impl Kind<Option<SocketAddr>> for Address {
    const SHAPE: Shape = Shape::Value;

    fn read(node: Node) -> Result<Option<SocketAddr>, ConfigError> {
        <Self as Kind<SocketAddr>>::read(node).map(Some)
    }

    fn write(value: &Option<SocketAddr>) -> Option<toml::Value> {
        value.as_ref().and_then(<Self as Kind<SocketAddr>>::write)
    }
}

/// A `[section]`.
pub(crate) struct Nested;

impl<T: Section> Kind<T> for Nested {
    const SHAPE: Shape = Shape::Section(T::FIELDS);

    fn read(node: Node) -> Result<T, ConfigError> {
        T::read(structured(node))
    }

    fn write(value: &T) -> Option<toml::Value> {
        Some(table(value))
    }
}

/// A `[section.NAME]` for each name.
pub(crate) struct Map;

impl<T: Section> Kind<BTreeMap<String, T>> for Map {
    const SHAPE: Shape = Shape::Map(T::FIELDS);

    fn read(node: Node) -> Result<BTreeMap<String, T>, ConfigError> {
        let node = structured(node);
        let Content::Table(entries) = node.content else {
            return Err(node.invalid("must be a section with names in it"));
        };
        let mut map = BTreeMap::new();
        for (name, child) in entries {
            map.insert(name, T::read(structured(child))?);
        }
        Ok(map)
    }

    fn write(value: &BTreeMap<String, T>) -> Option<toml::Value> {
        let entries = value.iter().map(|(name, section)| (name.clone(), table(section)));
        Some(toml::Value::Table(entries.collect()))
    }
}

/// A `[[section]]` for each item.
pub(crate) struct List;

impl<T: Section> Kind<Vec<T>> for List {
    const SHAPE: Shape = Shape::List(T::FIELDS);

    fn read(node: Node) -> Result<Vec<T>, ConfigError> {
        let node = structured(node);
        let Content::List(items) = node.content else {
            return Err(node.invalid("must be a list of sections"));
        };
        items.into_iter().map(|item| T::read(structured(item))).collect()
    }

    fn write(value: &Vec<T>) -> Option<toml::Value> {
        Some(toml::Value::Array(value.iter().map(table).collect()))
    }
}

fn table<T: Section>(section: &T) -> toml::Value {
    let entries = section.write().into_iter().map(|(name, value)| (name.to_owned(), value));
    toml::Value::Table(entries.collect())
}

/// Returns the node with TOML text from the environment unfolded into tables and lists.
fn structured(mut node: Node) -> Node {
    let value = match &node.content {
        Content::Loose(text) => typed(text),
        Content::Value(value @ (toml::Value::Array(_) | toml::Value::Table(_))) => {
            Some(value.clone())
        }
        _ => None,
    };
    match value {
        Some(toml::Value::Array(items)) => {
            let items = items.into_iter().map(|item| Node {
                key: node.key.clone(),
                origin: node.origin.clone(),
                content: Content::Value(item),
            });
            node.content = Content::List(items.collect());
        }
        Some(toml::Value::Table(entries)) => {
            let entries = entries.into_iter().map(|(name, value)| {
                let key = node.child_key(&name);
                let content = Content::Value(value);
                (name, Node { key, origin: node.origin.clone(), content })
            });
            node.content = Content::Table(entries.collect());
        }
        _ => {}
    }
    node
}

fn typed(text: &str) -> Option<toml::Value> {
    let document: toml::Table = toml::from_str(&format!("value = {text}\n")).ok()?;
    document.get("value").cloned()
}

/// Returns what a type accepts, taken from serde by showing it a value no setting takes.
fn expectation<T: DeserializeOwned>() -> String {
    let probe = toml::Value::String("?".to_owned()).try_into::<T>();
    let Some(message) = probe.err().map(|error| error.message().to_owned()) else {
        return "must be a text".to_owned();
    };
    let expected = message.split_once("expected ").map_or("another type", |(_, rest)| rest);
    format!("must be {}", expected.lines().next().unwrap_or("another type").trim())
}

/// Returns the fields of a shape, if it has any.
impl Shape {
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::Value => &[],
            Self::Section(fields) | Self::Map(fields) | Self::List(fields) => fields,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_and_write() {
        for (text, bytes) in
            [("512MB", 512_000_000), ("4 GiB", 4 << 30), ("10", 10), ("1.5kb", 1_500), ("7B", 7)]
        {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in ["", "MB", "12 parsecs", "-1MB", "1e99GB", "99999999999TiB"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
        assert_eq!(format_size(16 << 20), "16MiB");
        assert_eq!(format_size(100_000_000_000), "100GB");
        assert_eq!(format_size(1_234_567), "1234567B");
    }
}
