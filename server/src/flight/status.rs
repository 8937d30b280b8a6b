//! Errors as gRPC statuses: the table from error code to status code, and what travels with it.

use std::error::Error as _;

use arrow::error::ArrowError;
use godwit_engine::{Code, DEFAULT_CATALOG, Error};
use tonic::metadata::MetadataValue;
use tonic::{Code as GrpcCode, Status};
use uuid::Uuid;

use super::handle::HandleError;
use super::wire::WireError;

/// Some proxies and JDBC drivers accept only 8 KiB of headers, and the message is one.
const MAX_MESSAGE_BYTES: usize = 2048;

/// How the message of a bug begins.
const SEALED: &str = "internal error; query id";

/// A failed call. Every handler returns it, and only this file decides what clients read.
#[derive(Debug)]
pub(super) struct Failure(Status);

impl Failure {
    /// Returns the failure of a query with a known id.
    pub(super) fn of_query(error: &Error, query_id: Uuid) -> Self {
        Self(status(error, Some(query_id)))
    }

    /// Returns the failure of a request that makes no sense.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Error::new(Code::InvalidParameter, message).into()
    }

    /// Returns the failure of a setting that names a catalog or schema that does not exist.
    pub(super) fn missing(setting: &str, message: impl Into<String>) -> Self {
        let (code, hint) = match setting {
            "schema" => (Code::UndefinedSchema, "SHOW SCHEMAS lists those there are.".to_owned()),
            _ => (Code::UndefinedObject, format!("The catalog is {DEFAULT_CATALOG}.")),
        };
        Error::new(code, message).with_hint(hint).into()
    }

    /// Returns the failure of a request for something the server does not do.
    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Error::unsupported(message).into()
    }

    /// Returns the failure of our own making.
    pub(super) fn internal(message: impl Into<String>) -> Self {
        Error::new(Code::Internal, message).into()
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self(status)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(status(&error, None))
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        let code = match &error {
            WireError::Geometry { .. } => Code::InvalidGeometry,
            WireError::RowTooLarge { .. } => Code::LimitExceeded,
            WireError::Convert { .. } => Code::ValueOutOfRange,
            WireError::Encode(_) | WireError::Columns { .. } | WireError::Worker => Code::Internal,
        };
        Error::new(code, error.to_string()).with_source(error).into()
    }
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        WireError::Encode(error).into()
    }
}

impl From<HandleError> for Failure {
    fn from(error: HandleError) -> Self {
        let code = match error {
            HandleError::Invalid => Code::InvalidParameter,
            HandleError::Expired => Code::UndefinedObject,
            HandleError::Foreign => Code::PermissionDenied,
        };
        Error::new(code, error.to_string()).with_hint("Prepare the statement again.").into()
    }
}

fn status(error: &Error, query_id: Option<Uuid>) -> Status {
    let message = if error.code == Code::Internal {
        let message = sealed(error, query_id);
        tracing::error!(answer = message, error = %chain(error), "call failed");
        message
    } else {
        tracing::debug!(code = error.code.name(), error = %chain(error), "statement failed");
        message(error)
    };
    let mut status = Status::new(grpc_code(error.code), message);
    let metadata = status.metadata_mut();
    metadata.insert("x-sqlstate", MetadataValue::from_static(error.code.sqlstate()));
    metadata.insert("x-error-code", MetadataValue::from_static(error.code.name()));
    if let Some(id) = query_id
        && let Ok(value) = MetadataValue::try_from(id.to_string())
    {
        metadata.insert("x-query-id", value);
    }
    status
}

/// Returns what a client may know of a bug: the id under which the log tells more. The engine has
/// sealed its own errors already.
fn sealed(error: &Error, query_id: Option<Uuid>) -> String {
    if query_id.is_none() && error.message.starts_with(SEALED) {
        return error.message.clone();
    }
    format!("{SEALED} {}", query_id.unwrap_or_else(Uuid::new_v4))
}

fn message(error: &Error) -> String {
    let mut text = error.message.clone();
    if let Some(position) = error.position {
        text = format!("{text} (line {}, column {})", position.line, position.column);
    }
    for (label, part) in [("Detail", &error.detail), ("Hint", &error.hint)] {
        if let Some(part) = part {
            text = format!("{text}\n{label}: {part}");
        }
    }
    if text.len() > MAX_MESSAGE_BYTES {
        text.truncate(text.floor_char_boundary(MAX_MESSAGE_BYTES - 3));
        text.push_str("...");
    }
    text
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn grpc_code(code: Code) -> GrpcCode {
    match code {
        Code::SyntaxError
        | Code::UndefinedColumn
        | Code::AmbiguousColumn
        | Code::UndefinedFunction
        | Code::WrongObjectType
        | Code::DatatypeMismatch
        | Code::GroupingError
        | Code::CardinalityViolation
        | Code::InvalidParameter
        | Code::InvalidGeometry
        | Code::InvalidText
        | Code::DatetimeOverflow
        | Code::DivisionByZero
        | Code::InvalidLogarithm
        | Code::InvalidPower
        | Code::InvalidLimit
        | Code::InvalidOffset
        | Code::NotNullViolation
        | Code::ValueTooLong
        // OUT_OF_RANGE would be the word, but ADBC drivers make "unknown" of it.
        | Code::ValueOutOfRange
        | Code::CrsMismatch
        | Code::UnknownCrs
        | Code::NoGeometryColumn => GrpcCode::InvalidArgument,
        Code::UndefinedTable
        | Code::UndefinedSchema
        | Code::UndefinedObject
        | Code::LocationNotFound => GrpcCode::NotFound,
        Code::DuplicateTable | Code::DuplicateSchema => GrpcCode::AlreadyExists,
        Code::DependentObjects | Code::ReadOnly | Code::InvalidConfiguration => {
            GrpcCode::FailedPrecondition
        }
        Code::Unsupported => GrpcCode::Unimplemented,
        Code::Unauthenticated => GrpcCode::Unauthenticated,
        Code::PermissionDenied => GrpcCode::PermissionDenied,
        Code::MalformedFile => GrpcCode::DataLoss,
        Code::StorageUnavailable | Code::ShuttingDown => GrpcCode::Unavailable,
        Code::CommitConflict => GrpcCode::Aborted,
        Code::OutOfMemory | Code::DiskFull | Code::LimitExceeded | Code::TooManyQueries => {
            GrpcCode::ResourceExhausted
        }
        Code::Canceled => GrpcCode::Cancelled,
        Code::Timeout => GrpcCode::DeadlineExceeded,
        Code::Internal => GrpcCode::Internal,
    }
}

#[cfg(test)]
mod tests {
    use godwit_engine::Position;

    use super::*;

    #[test]
    fn a_user_error_says_where_and_what_to_type() {
        let error = Error::new(Code::UndefinedColumn, "column \"nme\" does not exist")
            .with_position(Position { line: 1, column: 8 })
            .with_hint("Did you mean \"name\"?");
        let status = Status::from(Failure::from(error));
        assert_eq!(status.code(), GrpcCode::InvalidArgument);
        assert_eq!(
            status.message(),
            "column \"nme\" does not exist (line 1, column 8)\nHint: Did you mean \"name\"?"
        );
        assert_eq!(status.metadata().get("x-sqlstate").unwrap(), "42703");
    }

    #[test]
    fn our_own_errors_show_only_an_id() {
        let id = Uuid::new_v4();
        let error = Error::new(Code::Internal, "secret detail").with_detail("more secrets");
        let status = Status::from(Failure::of_query(&error, id));
        assert_eq!(status.message(), format!("internal error; query id {id}"));
        assert_eq!(status.metadata().get("x-query-id").unwrap(), id.to_string().as_str());
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let status = Status::from(Failure::invalid("\u{e9}".repeat(4000)));
        assert!(status.message().len() <= MAX_MESSAGE_BYTES);
        assert!(status.message().ends_with("..."));
    }
}
