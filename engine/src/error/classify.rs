//! The only reader of foreign errors: what failed below becomes a code and words a user can act on.
//!
//! `query.rs` reads the query engine's own error, `message.rs` the texts it only says.

use std::error::Error as StdError;
use std::io;

use arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use datafusion::object_store::Error as StoreError;
use datafusion::parquet::errors::ParquetError;
use godwit_catalog::CatalogError;
use godwit_formats::FormatError;
use godwit_geometry::GeometryError;
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::TokenizerError;

use super::words::in_sql;
use super::{Code, Error, Position, message, query};

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        query::read(&error).with_source(error)
    }
}

impl From<ArrowError> for Error {
    fn from(error: ArrowError) -> Self {
        arrow(&error).with_source(error)
    }
}

impl From<CatalogError> for Error {
    fn from(error: CatalogError) -> Self {
        catalog(&error).with_source(error)
    }
}

impl From<FormatError> for Error {
    fn from(error: FormatError) -> Self {
        format(&error).with_source(error)
    }
}

impl From<GeometryError> for Error {
    fn from(error: GeometryError) -> Self {
        geometry(&error).with_source(error)
    }
}

impl From<ParserError> for Error {
    fn from(error: ParserError) -> Self {
        parser(&error)
    }
}

impl From<TokenizerError> for Error {
    fn from(error: TokenizerError) -> Self {
        Self::new(Code::SyntaxError, message::tidy(&error.message)).with_position(Position {
            line: error.location.line.max(1),
            column: error.location.column.max(1),
        })
    }
}

/// Returns what an error of unknown type says, after walking its chain of sources.
pub(super) fn external(error: &(dyn StdError + 'static)) -> Error {
    let mut current = Some(error);
    while let Some(error) = current {
        if let Some(known) = known(error) {
            return known;
        }
        current = error.source();
    }
    let text = error.to_string();
    // Errors of several crates, one of which is named nowhere.
    if text.starts_with("regex parse error") {
        return Error::new(Code::InvalidParameter, in_sql(&message::tidy(&text))).with_hint(
            "Backreferences and looking around are not supported; \\b is the border of a word.",
        );
    }
    Error::new(Code::Internal, message::tidy(&text))
}

fn known(error: &(dyn StdError + 'static)) -> Option<Error> {
    if let Some(error) = error.downcast_ref::<Error>() {
        return Some(error.without_source());
    }
    if let Some(error) = error.downcast_ref::<DataFusionError>() {
        return Some(query::read(error));
    }
    if let Some(error) = error.downcast_ref::<GeometryError>() {
        return Some(geometry(error));
    }
    if let Some(error) = error.downcast_ref::<FormatError>() {
        return Some(format(error));
    }
    if let Some(error) = error.downcast_ref::<CatalogError>() {
        return Some(catalog(error));
    }
    if let Some(error) = error.downcast_ref::<ArrowError>() {
        return Some(arrow(error));
    }
    if let Some(error) = error.downcast_ref::<ParquetError>() {
        return Some(parquet(error));
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return Some(store(error));
    }
    error.downcast_ref::<io::Error>().map(io)
}

pub(super) fn parser(error: &ParserError) -> Error {
    match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => {
            let (text, position) = message::split_position(text);
            let error = Error::new(Code::SyntaxError, message::tidy(text));
            match position {
                Some(position) => error.with_position(position),
                None => error,
            }
        }
        ParserError::RecursionLimitExceeded => {
            Error::new(Code::LimitExceeded, "the statement nests too deeply")
                .with_hint("Split the expression into common table expressions or views.")
        }
    }
}

pub(super) fn geometry(error: &GeometryError) -> Error {
    let code = match error {
        GeometryError::InvalidWkb { .. } | GeometryError::Topology { .. } => Code::InvalidGeometry,
        GeometryError::InvalidWkt { .. }
        | GeometryError::InvalidGeoJson { .. }
        | GeometryError::InvalidText { .. } => Code::InvalidText,
        GeometryError::CrsMismatch { .. } | GeometryError::ColumnCrs { .. } => Code::CrsMismatch,
        GeometryError::UnknownCrs { .. } => Code::UnknownCrs,
        GeometryError::Transform { .. } | GeometryError::InvalidArgument { .. } => {
            Code::InvalidParameter
        }
        GeometryError::Unsupported { .. } | GeometryError::NotBasic { .. } => Code::Unsupported,
        GeometryError::TooComplex => Code::LimitExceeded,
        GeometryError::Interrupted => Code::Canceled,
    };
    let result = Error::new(code, error.to_string());
    match error {
        GeometryError::CrsMismatch { left, right } => result.with_hint(format!(
            "Bring both to one reference system: ST_Transform(geom, '{left}'). If one of them is \
             mislabelled, ST_SetSRID says which it really is; the other here is {right}."
        )),
        GeometryError::ColumnCrs { given, column } => result.with_hint(match column.as_str() {
            "0" => format!(
                "Declare the type as GEOMETRY(Geometry, {given}), or drop the SRID: \
                 ST_SetSRID(geom, 0)."
            ),
            _ => format!("Bring the geometry there: ST_Transform(geom, {column})."),
        }),
        GeometryError::UnknownCrs { .. } => {
            result.with_hint("Name a reference system as EPSG:4326, or give its PROJJSON or WKT.")
        }
        _ => result,
    }
}

pub(super) fn format(error: &FormatError) -> Error {
    let code = match error {
        FormatError::Malformed { .. } | FormatError::OtherFormat { .. } => Code::MalformedFile,
        FormatError::Vanished { .. } => Code::LocationNotFound,
        FormatError::UnknownOption { .. } | FormatError::InvalidOption { .. } => {
            Code::InvalidParameter
        }
        FormatError::Unsupported { .. }
        | FormatError::Multipatch { .. }
        | FormatError::Foreign { .. } => Code::Unsupported,
        FormatError::NoGeometryColumn { .. } => Code::NoGeometryColumn,
        FormatError::UnknownCrs { .. } => Code::UnknownCrs,
        FormatError::Geometry(error) => return geometry(error),
        FormatError::Arrow(error) => return arrow(error),
        FormatError::Parquet(error) => return parquet(error),
        FormatError::Store(error) => return store(error),
        FormatError::Io(error) => return io(error),
        FormatError::Query(error) => return query::read(error),
    };
    let result = Error::new(code, error.to_string());
    match error.hint() {
        Some(hint) => result.with_hint(hint),
        None => result,
    }
}

pub(super) fn catalog(error: &CatalogError) -> Error {
    let (code, hint) = match error {
        CatalogError::TableNotFound { .. } => {
            (Code::UndefinedTable, Some("SHOW TABLES lists the tables."))
        }
        CatalogError::SchemaNotFound { .. } => {
            (Code::UndefinedSchema, Some("SHOW SCHEMAS lists the schemas."))
        }
        CatalogError::DuplicateTable { .. } => (
            Code::DuplicateTable,
            Some("Type CREATE OR REPLACE to replace it, or IF NOT EXISTS to keep it."),
        ),
        CatalogError::DuplicateSchema { .. } => (Code::DuplicateSchema, None),
        CatalogError::SchemaNotEmpty { .. } => {
            (Code::DependentObjects, Some("Type DROP SCHEMA ... CASCADE to drop them too."))
        }
        CatalogError::WrongKind { expected, .. } => (
            Code::WrongObjectType,
            Some(if *expected == "view" { "Type DROP TABLE." } else { "Type DROP VIEW." }),
        ),
        CatalogError::LocationNotFound { near: Some(near), .. } => {
            return Error::new(Code::LocationNotFound, error.to_string())
                .with_hint(format!("Did you mean \"{near}\"?"));
        }
        CatalogError::LocationNotFound { near: None, .. } => (Code::LocationNotFound, None),
        CatalogError::LocationDenied { .. } => (
            Code::PermissionDenied,
            Some("The server's setting storage.allowed_locations lists what clients may name."),
        ),
        CatalogError::InvalidLocation { .. } | CatalogError::Invalid { .. } => {
            (Code::InvalidParameter, None)
        }
        CatalogError::UnknownStore { .. } => {
            (Code::InvalidParameter, Some("Configure the store in a section [object_store.name]."))
        }
        CatalogError::UnknownFormat { .. } => (
            Code::InvalidParameter,
            Some(
                "Name one of system.formats: STORED AS GEOJSON, WITH (FORMAT geojson), read_geojson.",
            ),
        ),
        CatalogError::Format(error) => return format(error),
        CatalogError::Geometry(error) => return geometry(error),
        CatalogError::Query(error) => return query::read(error),
        CatalogError::Storage { source, .. } => {
            let detail = store(source);
            return Error::new(detail.code, error.to_string()).with_detail(detail.message);
        }
        CatalogError::Io { source, .. } => {
            let detail = io(source);
            return Error::new(detail.code, error.to_string()).with_detail(detail.message);
        }
        CatalogError::DiskFull { .. } => (Code::DiskFull, None),
        CatalogError::Conflict { .. } => (Code::CommitConflict, Some("Run the statement again.")),
        CatalogError::Delta { source, .. } => {
            let inner = external(source.as_ref());
            let code = if inner.code == Code::Internal { Code::MalformedFile } else { inner.code };
            return Error::new(code, error.to_string())
                .with_detail(message::tidy(&source.to_string()));
        }
        CatalogError::Unsupported { .. } => (Code::Unsupported, None),
        CatalogError::NotNull { .. } => (Code::NotNullViolation, None),
        CatalogError::TooLong { .. } => {
            (Code::ValueTooLong, Some("A cast, as x::varchar(3), cuts what is too long."))
        }
        CatalogError::UnsupportedType { .. } | CatalogError::SchemaMismatch { .. } => {
            (Code::DatatypeMismatch, None)
        }
        CatalogError::DataDirectoryLocked { .. } => (Code::InvalidConfiguration, None),
        CatalogError::Metastore(_) | CatalogError::MetastoreContent { .. } => {
            (Code::Internal, None)
        }
        CatalogError::TaskLost => (Code::Canceled, None),
    };
    let result = Error::new(code, error.to_string());
    match hint {
        Some(hint) => result.with_hint(hint),
        None => result,
    }
}

pub(super) fn arrow(error: &ArrowError) -> Error {
    let code = match error {
        ArrowError::ExternalError(error) => return external(error.as_ref()),
        ArrowError::IoError(_, error) => return io(error),
        ArrowError::CastError(text) | ArrowError::InvalidArgumentError(text)
            if message::is_out_of_range(text) =>
        {
            Code::ValueOutOfRange
        }
        ArrowError::CastError(_) | ArrowError::ParseError(_) => Code::InvalidText,
        ArrowError::ComputeError(text) | ArrowError::InvalidArgumentError(text)
            if let Some(code) = message::computed(text) =>
        {
            code
        }
        ArrowError::DivideByZero => Code::DivisionByZero,
        ArrowError::ArithmeticOverflow(_) | ArrowError::OffsetOverflowError(_) => {
            Code::ValueOutOfRange
        }
        ArrowError::MemoryError(_) => Code::OutOfMemory,
        ArrowError::CsvError(_)
        | ArrowError::JsonError(_)
        | ArrowError::ParquetError(_)
        | ArrowError::IpcError(_)
        | ArrowError::AvroError(_) => Code::MalformedFile,
        ArrowError::SchemaError(_) => Code::DatatypeMismatch,
        ArrowError::NotYetImplemented(_) => Code::Unsupported,
        ArrowError::ComputeError(_) | ArrowError::InvalidArgumentError(_) => Code::InvalidParameter,
        _ => Code::Internal,
    };
    Error::new(code, message::arrow(error))
}

pub(super) fn parquet(error: &ParquetError) -> Error {
    match error {
        ParquetError::External(error) => external(error.as_ref()),
        ParquetError::NYI(text) => Error::new(Code::Unsupported, message::tidy(text)),
        other => Error::new(Code::MalformedFile, "the file is not readable as Parquet")
            .with_detail(message::tidy(&other.to_string())),
    }
}

pub(super) fn store(error: &StoreError) -> Error {
    match error {
        StoreError::NotFound { path, .. } => {
            Error::new(Code::LocationNotFound, format!("no file found at '{path}'"))
        }
        StoreError::PermissionDenied { path, .. } | StoreError::Unauthenticated { path, .. } => {
            Error::new(Code::PermissionDenied, format!("the store denies access to '{path}'"))
                .with_hint("Check the credentials in the server's [object_store] section.")
        }
        StoreError::InvalidPath { source } => {
            Error::new(Code::InvalidParameter, message::tidy(&source.to_string()))
        }
        StoreError::NotSupported { .. } | StoreError::NotImplemented { .. } => {
            Error::new(Code::Unsupported, "the object store does not support this")
                .with_detail(message::tidy(&error.to_string()))
        }
        StoreError::AlreadyExists { path, .. } | StoreError::Precondition { path, .. } => {
            Error::new(Code::CommitConflict, format!("another writer changed '{path}'"))
        }
        StoreError::Generic { source, .. } => {
            let inner = external(source.as_ref());
            if inner.code == Code::Internal {
                Error::new(Code::StorageUnavailable, "the object store failed")
                    .with_detail(inner.message)
            } else {
                inner
            }
        }
        other => Error::new(Code::StorageUnavailable, "the object store failed")
            .with_detail(message::tidy(&other.to_string())),
    }
}

pub(super) fn io(error: &io::Error) -> Error {
    if let Some(inner) = error.get_ref()
        && let Some(known) = known(inner)
    {
        return known;
    }
    let code = match error.kind() {
        io::ErrorKind::NotFound => Code::LocationNotFound,
        io::ErrorKind::PermissionDenied => Code::PermissionDenied,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::DiskFull,
        io::ErrorKind::OutOfMemory => Code::OutOfMemory,
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Code::MalformedFile,
        _ => Code::StorageUnavailable,
    };
    Error::new(code, message::tidy(&error.to_string()))
}
