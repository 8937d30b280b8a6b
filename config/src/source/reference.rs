//! `${env:NAME}` and `${file:PATH}` inside texts, for secrets kept elsewhere.

use std::path::Path;

use crate::ConfigError;
use crate::section::{Content, Node};
use crate::source::Environment;

/// Replaces the references in every text of the tree. Paths are relative to `directory`.
pub(crate) fn resolve(
    node: &mut Node,
    environment: &Environment,
    directory: &Path,
) -> Result<(), ConfigError> {
    let resolved = match &mut node.content {
        Content::Table(entries) => {
            for child in entries.values_mut() {
                resolve(child, environment, directory)?;
            }
            return Ok(());
        }
        Content::List(items) => {
            for item in items {
                resolve(item, environment, directory)?;
            }
            return Ok(());
        }
        Content::Value(toml::Value::String(text)) | Content::Loose(text) => {
            expand(text, environment, directory).map(|expanded| *text = expanded)
        }
        Content::Value(_) => return Ok(()),
    };
    resolved.map_err(|reason| node.invalid(reason))
}

fn expand(text: &str, environment: &Environment, directory: &Path) -> Result<String, String> {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        // A doubled dollar sign writes the two characters themselves.
        if let Some(before) = before.strip_suffix('$') {
            expanded.push_str(before);
            expanded.push_str("${");
            rest = after;
            continue;
        }
        expanded.push_str(before);
        let (reference, after) = after
            .split_once('}')
            .ok_or("has a \"${\" without its \"}\"; write \"$${\" for the characters themselves")?;
        expanded.push_str(&value_of(reference, environment, directory)?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn value_of(
    reference: &str,
    environment: &Environment,
    directory: &Path,
) -> Result<String, String> {
    match reference.split_once(':') {
        Some(("env", name)) => environment
            .get(name)
            .cloned()
            .ok_or_else(|| format!("refers to the environment variable {name}, which is not set")),
        Some(("file", path)) => std::fs::read_to_string(directory.join(path))
            .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
            .map_err(|error| format!("refers to the file \"{path}\": {error}")),
        _ => Err(format!(
            "has the reference \"${{{reference}}}\"; expected ${{env:NAME}} or ${{file:PATH}}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand_with_home(text: &str) -> Result<String, String> {
        let environment = Environment::from([("NAME".to_owned(), "godwit".to_owned())]);
        expand(text, &environment, Path::new("/"))
    }

    #[test]
    fn references_are_replaced() {
        assert_eq!(expand_with_home("a ${env:NAME} b").unwrap(), "a godwit b");
        assert_eq!(expand_with_home("$${env:NAME}").unwrap(), "${env:NAME}");
        assert_eq!(expand_with_home("$argon2id$v=19").unwrap(), "$argon2id$v=19");
    }

    #[test]
    fn broken_references_are_refused() {
        assert!(expand_with_home("${env:OTHER}").unwrap_err().contains("OTHER"));
        assert!(expand_with_home("${vault:x}").unwrap_err().contains("vault"));
        assert!(expand_with_home("${env:NAME").is_err());
        assert!(expand_with_home("${file:no/such/file}").is_err());
    }
}
