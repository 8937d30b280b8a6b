//! `SET`, `RESET`, `USE` and `KILL QUERY`.

use std::time::Duration;

use sqlparser::ast::ObjectName;
use uuid::Uuid;

use super::target;
use crate::error::{Code, Error, nearest};
use crate::outcome::Completion;
use crate::principal::Role;
use crate::queries::CancelReason;
use crate::session::{Session, set_variable};
use crate::{DEFAULT_CATALOG, DEFAULT_SCHEMA, runtime};

pub(super) fn set(session: &Session, name: &str, value: &str) -> Result<Completion, Error> {
    match name {
        "schema" | "search_path" | "current_schema" => {
            let schema = known_schema(session, value)?;
            session.change(|variables| {
                variables.schema = schema;
                Ok(())
            })?;
        }
        "query_timeout" | "statement_timeout" => {
            let timeout = duration(value)?;
            session.change(|variables| {
                variables.query_timeout = timeout;
                Ok(())
            })?;
        }
        _ => session.change(|variables| set_variable(variables, name, value))?,
    }
    Ok(Completion::of("SET"))
}

pub(super) fn reset(session: &Session, name: &str) -> Result<Completion, Error> {
    let options = session.options();
    let start = &session.engine().start;
    session.change(|variables| {
        match name {
            "all" => {
                variables.schema = start_schema(session);
                variables.query_timeout = options.query_timeout;
                variables.state = std::sync::Arc::clone(start);
            }
            "schema" | "search_path" | "current_schema" => {
                variables.schema = start_schema(session);
            }
            "query_timeout" | "statement_timeout" => {
                variables.query_timeout = options.query_timeout;
            }
            _ => {
                let mut state = (*variables.state).clone();
                runtime::reset(state.config_mut().options_mut(), start.config_options(), name)?;
                variables.state = std::sync::Arc::new(state);
            }
        }
        Ok(())
    })?;
    Ok(Completion::of("RESET"))
}

pub(super) fn use_schema(session: &Session, name: &ObjectName) -> Result<Completion, Error> {
    let parts = target::parts(name)?;
    let schema = match parts.as_slice() {
        // The catalog alone: its default schema.
        [catalog] if catalog.eq_ignore_ascii_case(DEFAULT_CATALOG) => DEFAULT_SCHEMA.to_owned(),
        _ => target::schema_name(name)?,
    };
    let schema = known_schema(session, &schema)?;
    session.change(|variables| {
        variables.schema = schema;
        Ok(())
    })?;
    Ok(Completion::of("USE"))
}

pub(super) fn kill(session: &Session, id: Uuid) -> Result<Completion, Error> {
    let principal = session.principal();
    let registry = &session.engine().registry;
    // Roles with grants know of their own queries alone.
    let is_known = |user: &String| *user == principal.name || !principal.rights.is_limited();
    let Some(user) = registry.user(id).filter(is_known) else {
        return Err(Error::new(Code::UndefinedObject, format!("no query \"{id}\" waits or runs"))
            .with_hint("SHOW QUERIES lists them."));
    };
    if user != principal.name && principal.role != Role::Admin {
        return Err(Error::new(
            Code::PermissionDenied,
            format!("query \"{id}\" belongs to \"{user}\""),
        )
        .with_hint("Only the role admin may end the queries of others."));
    }
    registry.cancel(id, CancelReason::Request);
    Ok(Completion::of("KILL QUERY"))
}

fn start_schema(session: &Session) -> String {
    session.options().schema.clone().unwrap_or_else(|| DEFAULT_SCHEMA.to_owned())
}

/// Returns the first schema of a path as the catalog spells it.
fn known_schema(session: &Session, path: &str) -> Result<String, Error> {
    let wanted = path.split(',').next().unwrap_or(path).trim().trim_matches('"');
    let schemas = session.schemas();
    if let Some(schema) = schemas.iter().find(|schema| schema.eq_ignore_ascii_case(wanted)) {
        return Ok(schema.clone());
    }
    let error = Error::new(Code::UndefinedSchema, format!("schema \"{wanted}\" does not exist"));
    Err(match nearest(wanted, schemas.iter().map(String::as_str)) {
        Some(near) => error.with_hint(format!("Did you mean \"{near}\"?")),
        None => error.with_hint("SHOW SCHEMAS lists the schemas."),
    })
}

/// Returns a duration written as `30s`, `500ms`, `5min` or, as `PostgreSQL` counts, milliseconds;
/// none for 0.
fn duration(text: &str) -> Result<Option<Duration>, Error> {
    let text = text.trim().to_lowercase();
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).unwrap_or((&text, ""));
    let factor = match unit.trim() {
        "" | "ms" => Some(1),
        "s" => Some(1000),
        "m" | "min" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let milliseconds = number.parse::<u64>().ok().zip(factor).and_then(|(n, f)| n.checked_mul(f));
    match milliseconds {
        Some(0) => Ok(None),
        Some(milliseconds) => Ok(Some(Duration::from_millis(milliseconds))),
        None => Err(Error::new(Code::InvalidText, format!("\"{text}\" is not a duration"))
            .with_hint("Write it as '30s', '500ms' or '5min'.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("30s").expect("fits"), Some(Duration::from_secs(30)));
        assert_eq!(duration("250").expect("fits"), Some(Duration::from_millis(250)));
        assert_eq!(duration("0").expect("fits"), None);
        assert!(duration("soon").is_err());
        assert!(duration("99999999999999999999h").is_err());
    }
}
