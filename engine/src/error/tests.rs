//! The table of what foreign errors become. It must never shrink.

use arrow::error::ArrowError;
use datafusion::common::{Column, DataFusionError, Diagnostic, Location, SchemaError, Span};
use datafusion::object_store::Error as StoreError;
use datafusion::parquet::errors::ParquetError;
use godwit_catalog::{CatalogError, TableName};
use godwit_formats::FormatError;
use godwit_geometry::GeometryError;
use sqlparser::parser::ParserError;

use super::{Code, Error, Position};

fn plan(text: &str) -> Error {
    DataFusionError::Plan(text.to_owned()).into()
}

fn arrow(error: ArrowError) -> Error {
    DataFusionError::ArrowError(Box::new(error), None).into()
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    DataFusionError::External(Box::new(error)).into()
}

fn io(kind: std::io::ErrorKind) -> Error {
    DataFusionError::IoError(std::io::Error::from(kind)).into()
}

fn mismatch() -> GeometryError {
    GeometryError::CrsMismatch { left: "EPSG:4326".into(), right: "EPSG:3857".into() }
}

fn not_found(name: &str, valid: &[&str]) -> Error {
    let error = SchemaError::FieldNotFound {
        field: Box::new(Column::from_name(name)),
        valid_fields: valid.iter().map(|name| Column::from_name(*name)).collect(),
    };
    DataFusionError::SchemaError(Box::new(error), Box::new(None)).into()
}

fn store_not_found() -> StoreError {
    StoreError::NotFound { path: "a/b".into(), source: "gone".into() }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_kind_of_failure_has_its_code() {
    let name = TableName::new("public", "t");
    let rows: Vec<(Code, Error)> = vec![
        (Code::UndefinedTable, plan("table 'godwit.public.t' not found")),
        (Code::UndefinedFunction, plan("Invalid function 'st_aera'.\nDid you mean 'st_area'?")),
        (
            Code::UndefinedFunction,
            plan("No function matches the given name and argument types 'f(Utf8)'."),
        ),
        (Code::GroupingError, plan("Column in SELECT must be in GROUP BY or an aggregate")),
        (Code::DatatypeMismatch, plan("Cannot coerce arithmetic expression Utf8 + Int64")),
        (
            Code::DatatypeMismatch,
            plan("Inconsistent metadata across values list at row 1 column 1. Was {} but found {}"),
        ),
        (Code::DatatypeMismatch, plan("Cannot create filter with non-boolean predicate 'a'")),
        (
            Code::ValueOutOfRange,
            arrow(ArrowError::CastError("Can't cast value 300 to type Int8".into())),
        ),
        (Code::NotNullViolation, external(CatalogError::NotNull { column: "a".into() })),
        (
            Code::ValueTooLong,
            external(CatalogError::TooLong {
                column: "a".into(),
                declared: "character varying(3)".into(),
            }),
        ),
        (Code::Unsupported, plan("Window functions are not supported here")),
        (Code::UndefinedColumn, not_found("x", &["y"])),
        (Code::Unsupported, DataFusionError::NotImplemented("Fancy".into()).into()),
        (
            Code::OutOfMemory,
            DataFusionError::ResourcesExhausted("Failed to allocate".into()).into(),
        ),
        (
            Code::DiskFull,
            DataFusionError::ResourcesExhausted("The used disk space exceeded".into()).into(),
        ),
        (Code::Internal, DataFusionError::Internal("bug".into()).into()),
        (Code::Internal, DataFusionError::Substrait("bug".into()).into()),
        (Code::InvalidParameter, DataFusionError::Configuration("bad".into()).into()),
        (Code::InvalidText, DataFusionError::Execution("cannot parse 'x'".into()).into()),
        (Code::ValueOutOfRange, DataFusionError::Execution("Overflow happened".into()).into()),
        (Code::InvalidText, arrow(ArrowError::CastError("Cannot cast string 'x'".into()))),
        (Code::InvalidText, arrow(ArrowError::ParseError("bad date".into()))),
        (Code::DivisionByZero, arrow(ArrowError::DivideByZero)),
        (Code::ValueOutOfRange, arrow(ArrowError::ArithmeticOverflow("too big".into()))),
        (Code::MalformedFile, arrow(ArrowError::CsvError("line 3".into()))),
        (Code::MalformedFile, arrow(ArrowError::IpcError("truncated".into()))),
        (Code::CrsMismatch, arrow(ArrowError::ExternalError(Box::new(mismatch())))),
        (Code::CrsMismatch, external(mismatch())),
        (Code::CrsMismatch, external(DataFusionError::External(Box::new(mismatch())))),
        (
            Code::CrsMismatch,
            DataFusionError::Context(
                "rule".into(),
                Box::new(DataFusionError::Shared(
                    DataFusionError::External(Box::new(mismatch())).into(),
                )),
            )
            .into(),
        ),
        (
            Code::InvalidGeometry,
            external(GeometryError::InvalidWkb { offset: 5, reason: "short".into() }),
        ),
        (
            Code::InvalidText,
            external(GeometryError::InvalidWkt { position: 1, reason: "bad".into() }),
        ),
        (Code::InvalidText, external(GeometryError::InvalidGeoJson { reason: "bad".into() })),
        (Code::LimitExceeded, external(GeometryError::TooComplex)),
        (
            Code::UnknownCrs,
            external(GeometryError::UnknownCrs { crs: "EPSG:1".into(), reason: "none".into() }),
        ),
        (
            Code::MalformedFile,
            external(FormatError::Malformed { path: "a".into(), offset: 1, reason: "bad".into() }),
        ),
        (Code::CrsMismatch, external(FormatError::Geometry(mismatch()))),
        (Code::NoGeometryColumn, FormatError::NoGeometryColumn { format: "GEOJSON" }.into()),
        (Code::UnknownCrs, FormatError::UnknownCrs { column: "geom".into() }.into()),
        (Code::LocationNotFound, external(FormatError::Store(store_not_found()))),
        (Code::UndefinedTable, CatalogError::TableNotFound { name: name.clone() }.into()),
        (Code::DuplicateTable, CatalogError::DuplicateTable { name }.into()),
        (
            Code::LocationNotFound,
            CatalogError::LocationNotFound { location: "x".into(), near: None }.into(),
        ),
        (
            Code::PermissionDenied,
            CatalogError::LocationDenied { location: "x".into(), reason: "no".into() }.into(),
        ),
        (Code::CommitConflict, CatalogError::Conflict { location: "x".into() }.into()),
        (Code::DiskFull, CatalogError::DiskFull { location: "x".into() }.into()),
        (
            Code::CrsMismatch,
            CatalogError::Query(DataFusionError::External(Box::new(mismatch()))).into(),
        ),
        (Code::Canceled, external(CatalogError::TaskLost)),
        (Code::Timeout, external(Error::new(Code::Timeout, "too long"))),
        (Code::LocationNotFound, DataFusionError::ObjectStore(Box::new(store_not_found())).into()),
        (
            Code::StorageUnavailable,
            DataFusionError::ObjectStore(Box::new(StoreError::Generic {
                store: "S3",
                source: "connection refused".into(),
            }))
            .into(),
        ),
        (
            Code::MalformedFile,
            DataFusionError::ParquetError(Box::new(ParquetError::EOF("short".into()))).into(),
        ),
        (
            Code::CrsMismatch,
            DataFusionError::ParquetError(Box::new(ParquetError::External(Box::new(mismatch()))))
                .into(),
        ),
        (Code::LocationNotFound, io(std::io::ErrorKind::NotFound)),
        (Code::PermissionDenied, io(std::io::ErrorKind::PermissionDenied)),
        (Code::DiskFull, io(std::io::ErrorKind::StorageFull)),
        (Code::StorageUnavailable, io(std::io::ErrorKind::ConnectionReset)),
        (
            Code::SyntaxError,
            DataFusionError::SQL(Box::new(ParserError::ParserError("Expected: x".into())), None)
                .into(),
        ),
        (Code::LimitExceeded, ParserError::RecursionLimitExceeded.into()),
    ];
    for (code, error) in rows {
        assert_eq!(error.code, code, "{error:?}");
        assert!(!error.message.ends_with('.'), "{error:?}");
        assert!(error.hint.as_deref().is_none_or(|hint| hint.ends_with(['.', '?'])), "{error:?}");
    }
}

#[test]
fn places_and_suggestions_are_kept() {
    let start = Location { line: 3, column: 15 };
    let end = Location { line: 3, column: 20 };
    let diagnostic = Diagnostic::new_error("column", Some(Span::new(start, end)));
    let inner = DataFusionError::SchemaError(
        Box::new(SchemaError::FieldNotFound {
            field: Box::new(Column::from_name("nmae")),
            valid_fields: vec![Column::from_name("id"), Column::from_name("name")],
        }),
        Box::new(None),
    );
    let error = Error::from(inner.with_diagnostic(diagnostic));
    assert_eq!(error.position, Some(Position { line: 3, column: 15 }));
    assert_eq!(error.hint.as_deref(), Some("Did you mean \"name\"?"));

    let error = Error::from(ParserError::ParserError(
        "Expected: end of statement, found: FROMM at Line: 2, Column: 7".into(),
    ));
    assert_eq!(error.position, Some(Position { line: 2, column: 7 }));
    assert_eq!(error.message, "expected: end of statement, found: FROMM");

    let error = not_found("name", &["Name", "NAME"]);
    assert!(error.hint.is_some_and(|hint| hint.contains("double quotes")));

    assert!(Error::from(mismatch()).hint.is_some_and(|hint| hint.contains("ST_Transform")));
}

#[test]
fn what_a_function_says_of_its_arguments_is_said_alone() {
    let error = plan(
        "Execution error: Function 'to_char' user-defined coercion failed with: External error: \
         to_char writes dates. No function matches the given name and argument types \
         'to_char(Boolean)'. You might need to add explicit type casts.\n\tCandidate \
         functions:\n\tto_char(UserDefined)",
    );
    assert_eq!(
        (error.code, error.message.as_str()),
        (Code::UndefinedFunction, "to_char writes dates")
    );

    let error: Error =
        DataFusionError::NotImplemented("Unsupported CAST from List(Int64) to Int32".into()).into();
    assert_eq!(error.message, "a value of type bigint[] cannot be cast to integer");
    assert_eq!(error.code, Code::DatatypeMismatch);
}
