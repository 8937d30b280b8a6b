//! Reads the query engine's errors.

use std::collections::HashSet;

use datafusion::common::{Column, DataFusionError, Diagnostic, SchemaError};

use super::nearest::nearest;
use super::{Code, Error, Position, classify, message};

/// Returns what a query engine's error says.
pub(super) fn read(error: &DataFusionError) -> Error {
    match error {
        DataFusionError::Context(_, inner) => read(inner),
        DataFusionError::Shared(inner) => read(inner),
        DataFusionError::Collection(all) => match all.first() {
            Some(first) => read(first),
            None => Error::new(Code::Internal, "an empty list of errors"),
        },
        DataFusionError::Diagnostic(diagnostic, inner) => place(read(inner), diagnostic),
        DataFusionError::ArrowError(inner, _) => classify::arrow(inner),
        DataFusionError::ParquetError(inner) => classify::parquet(inner),
        DataFusionError::ObjectStore(inner) => classify::store(inner),
        DataFusionError::IoError(inner) => classify::io(inner),
        DataFusionError::SQL(inner, _) => classify::parser(inner),
        DataFusionError::SchemaError(inner, _) => schema(inner),
        DataFusionError::External(inner) => classify::external(inner.as_ref()),
        DataFusionError::NotImplemented(text) => message::not_implemented(text),
        DataFusionError::Plan(text) => message::plan(text),
        // Of the operands of BETWEEN.
        DataFusionError::Internal(text) if text.starts_with("Failed to coerce types") => {
            message::plan(text)
        }
        DataFusionError::Execution(text) => message::execution(text),
        DataFusionError::Configuration(text) => {
            Error::new(Code::InvalidParameter, message::tidy(text))
        }
        DataFusionError::ResourcesExhausted(text) => message::resources(text),
        DataFusionError::ExecutionJoin(inner) if inner.is_cancelled() => {
            Error::new(Code::Canceled, "the query was canceled")
        }
        other => Error::new(Code::Internal, message::tidy(&other.to_string())),
    }
}

fn place(error: Error, diagnostic: &Diagnostic) -> Error {
    match diagnostic.span {
        Some(span) if error.position.is_none() && span.start.line > 0 => {
            error.with_position(Position { line: span.start.line, column: span.start.column })
        }
        _ => error,
    }
}

fn schema(error: &SchemaError) -> Error {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => column_not_found(field, valid_fields),
        SchemaError::AmbiguousReference { field } => Error::new(
            Code::AmbiguousColumn,
            format!("column \"{}\" is ambiguous", field.flat_name()),
        )
        .with_hint(format!("Say which one: t.{}.", field.name)),
        SchemaError::DuplicateQualifiedField { qualifier, name } => Error::new(
            Code::AmbiguousColumn,
            format!(
                "table \"{qualifier}\" stands in the query twice, or has two columns \"{name}\""
            ),
        )
        .with_hint("Give one of them another name with AS."),
        SchemaError::DuplicateUnqualifiedField { name } => {
            Error::new(Code::AmbiguousColumn, format!("two columns are named \"{name}\""))
                .with_hint("Give one of them another name with AS.")
        }
    }
}

fn column_not_found(field: &Column, valid: &[Column]) -> Error {
    let message = match &field.relation {
        Some(relation) => {
            format!("column \"{}\" does not exist in \"{relation}\"", field.name)
        }
        None => format!("column \"{}\" does not exist", field.name),
    };
    let error = Error::new(Code::UndefinedColumn, message);
    if field.relation.is_some()
        && let Some(other) = valid.iter().find(|column| column.name == field.name)
    {
        return error.with_hint(format!("Did you mean {}?", other.flat_name()));
    }
    let mut seen = HashSet::new();
    let names: Vec<&str> =
        valid.iter().map(|column| column.name.as_str()).filter(|name| seen.insert(*name)).collect();
    let spellings: Vec<&str> =
        names.iter().copied().filter(|name| name.eq_ignore_ascii_case(&field.name)).collect();
    if spellings.len() > 1 {
        return error.with_hint(format!(
            "Several columns differ only in case; put the right one in double quotes: {}.",
            quoted(&spellings)
        ));
    }
    if let Some(near) = nearest(&field.name, names.iter().copied()) {
        return error.with_hint(format!("Did you mean \"{near}\"?"));
    }
    if names.is_empty() {
        return error;
    }
    let shown = names.get(..names.len().min(12)).unwrap_or_default();
    let more = if names.len() > shown.len() { ", ..." } else { "" };
    error.with_hint(format!("The columns are {}{more}.", quoted(shown)))
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
