//! Settings as TOML text: the commented defaults, and a running configuration without its secrets.

use crate::Config;
use crate::secret::MASK;
use crate::section::{Field, Section as _, Shape};

const INTRODUCTION: &str = "\
# Godwit's settings and their defaults. Generated; change the doc comments in config/src instead.
#
# Each setting can also be given as an environment variable, GODWIT_SECTION__KEY, such as
# GODWIT_LISTEN__HTTP_ADDR=127.0.0.1:8080, which wins over this file; flags win over both.
# Texts may refer to ${env:NAME} and ${file:PATH}; sizes are written 512MB or 4GiB.
";

/// Returns the commented `default.toml`.
pub fn default_toml() -> String {
    let mut text = INTRODUCTION.to_owned();
    let defaults = Config::default().write();
    for field in Config::FIELDS {
        text.push('\n');
        match field.shape {
            Shape::Section(fields) => {
                push_docs(&mut text, field.docs);
                text.push_str(&format_header(field.name, fields, value_of(&defaults, field.name)));
            }
            _ => push_example(&mut text, field.name, field),
        }
    }
    text
}

impl Config {
    /// Returns the settings as TOML with every secret masked.
    pub fn print_masked(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.write() {
            let toml::Value::Table(entries) = mask_urls(value) else { continue };
            let is_map = Config::FIELDS
                .iter()
                .any(|field| field.name == name && matches!(field.shape, Shape::Map(_)));
            if is_map && entries.is_empty() {
                continue;
            }
            let section = toml::Table::from_iter([(name.to_owned(), toml::Value::Table(entries))]);
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&toml::to_string_pretty(&section).unwrap_or_default());
        }
        text
    }
}

fn value_of<'a>(values: &'a [(&'static str, toml::Value)], name: &str) -> Option<&'a toml::Value> {
    values.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Returns a `[section]` with documented values; lists of sections follow as examples.
fn format_header(name: &str, fields: &[Field], defaults: Option<&toml::Value>) -> String {
    let mut text = format!("[{name}]\n");
    let is_list = |field: &&Field| matches!(field.shape, Shape::List(_));
    for field in fields.iter().filter(|field| !is_list(field)) {
        push_docs(&mut text, field.docs);
        match (defaults.and_then(|defaults| defaults.get(field.name)), field.example) {
            (Some(value), _) => push_line(&mut text, "", &format!("{} = {value}", field.name)),
            (None, example) => {
                let example = example.unwrap_or("\"\"");
                push_line(&mut text, "# ", &format!("{} = {example}", field.name));
            }
        }
    }
    for field in fields.iter().filter(is_list) {
        push_example(&mut text, &format!("{name}.{}", field.name), field);
    }
    text
}

/// Appends a section that exists once for each name or item, commented out.
fn push_example(text: &mut String, name: &str, field: &Field) {
    push_docs(text, field.docs);
    let header = match field.shape {
        Shape::Map(_) => format!("[{name}.example]"),
        _ => format!("[[{name}]]"),
    };
    push_line(text, "# ", &header);
    for field in field.shape.fields() {
        for line in field.docs {
            push_line(text, "#   # ", line.trim());
        }
        let required = if field.required { "  # required" } else { "" };
        let example = field.example.unwrap_or("\"...\"");
        push_line(text, "#   ", &format!("{} = {example}{required}", field.name));
    }
}

fn push_docs(text: &mut String, docs: &[&str]) {
    for line in docs {
        push_line(text, "# ", line.trim());
    }
}

fn push_line(text: &mut String, prefix: &str, line: &str) {
    text.push_str(prefix);
    text.push_str(line);
    text.push('\n');
}

/// Masks passwords and signatures inside URLs.
fn mask_urls(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::String(text) => toml::Value::String(mask_url(&text)),
        toml::Value::Array(items) => toml::Value::Array(items.into_iter().map(mask_urls).collect()),
        toml::Value::Table(entries) => toml::Value::Table(
            entries.into_iter().map(|(name, value)| (name, mask_urls(value))).collect(),
        ),
        other => other,
    }
}

fn mask_url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (address, query) = match rest.split_once('?') {
        Some((address, _)) => (address, format!("?{MASK}")),
        None => (rest, String::new()),
    };
    let (authority, path) = match address.split_once('/') {
        Some((authority, path)) => (authority, format!("/{path}")),
        None => (address, String::new()),
    };
    let host = match authority.rsplit_once('@') {
        Some((_, host)) => format!("{MASK}@{host}"),
        None => authority.to_owned(),
    };
    format!("{scheme}://{host}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    #[test]
    fn the_committed_default_file_is_current() {
        // Tests run in the folder of their package.
        let committed = std::fs::read_to_string("default.toml").unwrap_or_default();
        assert!(
            committed == default_toml(),
            "write `godwit config default` to config/default.toml"
        );
    }

    #[test]
    fn the_default_file_means_the_defaults() {
        let root = source::parse(std::path::Path::new("default.toml"), &default_toml()).unwrap();
        assert_eq!(Config::read(root).unwrap(), Config::default());
    }

    #[test]
    fn the_examples_in_the_default_file_are_settings() {
        let uncommented: String = default_toml()
            .lines()
            .filter_map(|line| {
                line.strip_prefix("# [").map(|rest| format!("[{rest}\n")).or_else(|| {
                    line.strip_prefix("#   ")
                        .filter(|l| l.contains(" = "))
                        .map(|l| format!("{l}\n"))
                })
            })
            .collect();
        let root = source::parse(std::path::Path::new("examples.toml"), &uncommented).unwrap();
        let config = Config::read(root).unwrap();
        assert_eq!(config.object_store.len(), 1);
        assert_eq!(config.table.len(), 1);
        assert_eq!(config.auth.users.len(), 1);
    }

    #[test]
    fn urls_are_masked() {
        assert_eq!(mask_url("https://u:p@h/x?sig=1"), "https://***@h/x?***");
        assert_eq!(mask_url("s3://bucket/key"), "s3://bucket/key");
    }
}
