//! The table of error codes: one row a kind of failure.

/// Which kind of failure it is; stable API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The text is not SQL.
    SyntaxError,
    /// No such table.
    UndefinedTable,
    /// No such schema.
    UndefinedSchema,
    /// No such column.
    UndefinedColumn,
    /// A column name that means several columns.
    AmbiguousColumn,
    /// No such function, or not with these arguments.
    UndefinedFunction,
    /// No such setting, option, or object of another kind.
    UndefinedObject,
    /// An object of another kind than the statement takes.
    WrongObjectType,
    /// A value has the wrong type.
    DatatypeMismatch,
    /// A grouping rule is broken.
    GroupingError,
    /// A subquery that stands for a value has more rows than one.
    CardinalityViolation,
    /// A parameter has a bad value.
    InvalidParameter,
    /// A geometry is malformed.
    InvalidGeometry,
    /// A text is not a number, date, WKT or `GeoJSON`.
    InvalidText,
    /// A value does not fit its type.
    ValueOutOfRange,
    /// A text has more characters than its column takes.
    ValueTooLong,
    /// A date, time or interval beyond what there is.
    DatetimeOverflow,
    /// A division by zero.
    DivisionByZero,
    /// The logarithm of what has none.
    InvalidLogarithm,
    /// The root or the power of what has none.
    InvalidPower,
    /// A `LIMIT` of less than no rows.
    InvalidLimit,
    /// An `OFFSET` of less than no rows.
    InvalidOffset,
    /// A row without a value where its table demands one.
    NotNullViolation,
    /// Two geometries have different reference systems.
    CrsMismatch,
    /// A reference system is not known.
    UnknownCrs,
    /// The result has no geometry column, and the format needs one.
    NoGeometryColumn,
    /// The table exists already.
    DuplicateTable,
    /// The schema exists already.
    DuplicateSchema,
    /// The object is in use by others.
    DependentObjects,
    /// Godwit does not do this.
    Unsupported,
    /// The credentials are missing or wrong.
    Unauthenticated,
    /// The principal may not do this.
    PermissionDenied,
    /// The session may not change anything.
    ReadOnly,
    /// No such file or object.
    LocationNotFound,
    /// A file is not what its format says.
    MalformedFile,
    /// The object store or disk does not answer.
    StorageUnavailable,
    /// Another writer was faster.
    CommitConflict,
    /// The memory pool is exhausted.
    OutOfMemory,
    /// The spill quota or the disk is exhausted.
    DiskFull,
    /// The result or statement is larger than allowed.
    LimitExceeded,
    /// The admission queue is full.
    TooManyQueries,
    /// The server is going down.
    ShuttingDown,
    /// Someone canceled the query.
    Canceled,
    /// The query ran too long.
    Timeout,
    /// The configuration is wrong.
    InvalidConfiguration,
    /// Our bug.
    Internal,
}

struct Row(Code, &'static str, &'static str, u16, bool, &'static str);

/// code, name, SQLSTATE, HTTP status, whether the same statement may succeed later, meaning.
static ROWS: &[Row] = &[
    Row(Code::SyntaxError, "syntax_error", "42601", 400, false, "the text is not SQL"),
    Row(Code::UndefinedTable, "undefined_table", "42P01", 400, false, "no such table"),
    Row(Code::UndefinedSchema, "undefined_schema", "3F000", 400, false, "no such schema"),
    Row(Code::UndefinedColumn, "undefined_column", "42703", 400, false, "no such column"),
    Row(
        Code::AmbiguousColumn,
        "ambiguous_column",
        "42702",
        400,
        false,
        "a column name means several columns",
    ),
    Row(
        Code::UndefinedFunction,
        "undefined_function",
        "42883",
        400,
        false,
        "no such function, or not with these arguments",
    ),
    Row(Code::UndefinedObject, "undefined_object", "42704", 400, false, "no such object"),
    Row(
        Code::WrongObjectType,
        "wrong_object_type",
        "42809",
        400,
        false,
        "the statement takes an object of another kind",
    ),
    Row(
        Code::DatatypeMismatch,
        "datatype_mismatch",
        "42804",
        400,
        false,
        "a value has the wrong type",
    ),
    Row(Code::GroupingError, "grouping_error", "42803", 400, false, "a grouping rule is broken"),
    Row(
        Code::CardinalityViolation,
        "cardinality_violation",
        "21000",
        400,
        false,
        "a subquery that stands for a value has more rows than one",
    ),
    Row(
        Code::InvalidParameter,
        "invalid_parameter",
        "22023",
        400,
        false,
        "a parameter has a bad value",
    ),
    Row(Code::InvalidGeometry, "invalid_geometry", "22023", 400, false, "a geometry is malformed"),
    Row(
        Code::InvalidText,
        "invalid_text",
        "22P02",
        400,
        false,
        "a text is not what it should be: a number, a date, WKT or GeoJSON",
    ),
    Row(
        Code::ValueOutOfRange,
        "value_out_of_range",
        "22003",
        400,
        false,
        "a value does not fit its type",
    ),
    Row(
        Code::ValueTooLong,
        "value_too_long",
        "22001",
        400,
        false,
        "a text has more characters than its column takes",
    ),
    Row(
        Code::NotNullViolation,
        "not_null_violation",
        "23502",
        400,
        false,
        "a column that takes no nulls was given one",
    ),
    Row(
        Code::DatetimeOverflow,
        "datetime_overflow",
        "22008",
        400,
        false,
        "a date, time or interval is beyond what there is",
    ),
    Row(
        Code::InvalidLogarithm,
        "invalid_argument_for_logarithm",
        "2201E",
        400,
        false,
        "zero and negative numbers have no logarithm",
    ),
    Row(
        Code::InvalidPower,
        "invalid_argument_for_power",
        "2201F",
        400,
        false,
        "a root or a power of a number is no number",
    ),
    Row(
        Code::InvalidLimit,
        "invalid_row_count_in_limit",
        "2201W",
        400,
        false,
        "a LIMIT is negative",
    ),
    Row(
        Code::InvalidOffset,
        "invalid_row_count_in_offset",
        "2201X",
        400,
        false,
        "an OFFSET is negative",
    ),
    Row(Code::DivisionByZero, "division_by_zero", "22012", 400, false, "a division by zero"),
    Row(
        Code::CrsMismatch,
        "crs_mismatch",
        "22023",
        400,
        false,
        "two geometries have different reference systems",
    ),
    Row(Code::UnknownCrs, "unknown_crs", "22023", 422, false, "a reference system is not known"),
    Row(
        Code::NoGeometryColumn,
        "no_geometry_column",
        "42804",
        422,
        false,
        "the format needs a geometry column",
    ),
    Row(
        Code::DuplicateTable,
        "duplicate_table",
        "42P07",
        409,
        false,
        "a table or view of this name exists",
    ),
    Row(
        Code::DuplicateSchema,
        "duplicate_schema",
        "42P06",
        409,
        false,
        "a schema of this name exists",
    ),
    Row(
        Code::DependentObjects,
        "dependent_objects",
        "2BP01",
        409,
        false,
        "other objects depend on this one",
    ),
    Row(Code::Unsupported, "unsupported", "0A000", 501, false, "Godwit does not do this"),
    Row(
        Code::Unauthenticated,
        "unauthenticated",
        "28000",
        401,
        false,
        "the credentials are missing or wrong",
    ),
    Row(
        Code::PermissionDenied,
        "permission_denied",
        "42501",
        403,
        false,
        "the principal may not do this",
    ),
    Row(Code::ReadOnly, "read_only", "25006", 403, false, "the session may not change anything"),
    Row(
        Code::LocationNotFound,
        "location_not_found",
        "58P01",
        404,
        false,
        "no such file or object",
    ),
    Row(
        Code::MalformedFile,
        "malformed_file",
        "XX001",
        422,
        false,
        "a file is not what its format says",
    ),
    Row(
        Code::StorageUnavailable,
        "storage_unavailable",
        "58030",
        503,
        true,
        "the disk or object store does not answer",
    ),
    Row(Code::CommitConflict, "commit_conflict", "40001", 409, true, "another writer was faster"),
    Row(Code::OutOfMemory, "out_of_memory", "53200", 503, true, "the memory pool is exhausted"),
    Row(
        Code::DiskFull,
        "disk_full",
        "53100",
        503,
        true,
        "the disk or the spill quota is exhausted",
    ),
    Row(
        Code::LimitExceeded,
        "limit_exceeded",
        "54000",
        413,
        false,
        "the statement or its result is larger than allowed",
    ),
    Row(
        Code::TooManyQueries,
        "too_many_queries",
        "53300",
        429,
        true,
        "the admission queue is full",
    ),
    Row(Code::ShuttingDown, "shutting_down", "57P01", 503, true, "the server is going down"),
    Row(Code::Canceled, "canceled", "57014", 499, false, "someone canceled the query"),
    Row(Code::Timeout, "timeout", "57014", 504, false, "the query ran too long"),
    Row(
        Code::InvalidConfiguration,
        "invalid_configuration",
        "F0000",
        500,
        false,
        "the configuration is wrong",
    ),
    Row(Code::Internal, "internal", "XX000", 500, false, "a bug of Godwit"),
];

impl Code {
    /// Returns the codes in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.0)
    }

    /// Returns the stable name, as `undefined_table`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Returns the SQLSTATE, as `42P01`.
    pub fn sqlstate(self) -> &'static str {
        self.row().2
    }

    /// Returns the HTTP status.
    pub fn http_status(self) -> u16 {
        self.row().3
    }

    /// Returns whether the same statement may succeed later.
    pub fn is_retryable(self) -> bool {
        self.row().4
    }

    /// Returns what the code means, in one clause.
    pub fn meaning(self) -> &'static str {
        self.row().5
    }

    fn row(self) -> &'static Row {
        static INTERNAL: Row =
            Row(Code::Internal, "internal", "XX000", 500, false, "a bug of Godwit");
        ROWS.iter().find(|row| row.0 == self).unwrap_or(&INTERNAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_row() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.0.name(), row.1);
            assert!(ROWS.iter().skip(index + 1).all(|other| other.1 != row.1 && other.0 != row.0));
            assert_eq!(row.2.len(), 5);
        }
        assert_eq!(Code::Internal as usize + 1, ROWS.len());
    }
}
