//! `GODWIT_SECTION__KEY` variables, such as `GODWIT_LISTEN__HTTP_ADDR=0.0.0.0:8080`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ConfigError;
use crate::section::{Content, Node, Origin};

/// The environment, or a made-up one in tests.
pub(crate) type Environment = BTreeMap<String, String>;

const PREFIX: &str = "GODWIT_";
/// Between a section and a key. Variables without it are not settings: container platforms make
/// up names such as `GODWIT_PORT` themselves.
const SEPARATOR: &str = "__";

/// Puts the settings of the environment over those in the tree.
pub(crate) fn apply(environment: &Environment, root: &mut Node) -> Result<(), ConfigError> {
    for (variable, text) in environment {
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        if !name.contains(SEPARATOR) {
            continue;
        }
        let path: Vec<String> = name.split(SEPARATOR).map(str::to_lowercase).collect();
        let origin = Origin::Environment { variable: Arc::from(variable.as_str()) };
        root.insert(&path, &origin, Content::Loose(text.clone()))?;
    }
    Ok(())
}
