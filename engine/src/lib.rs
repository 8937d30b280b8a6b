//! A SQL statement from text to stream: dialect, sessions, tables, limits and errors.
//!
//! Everything a protocol needs is here; nothing here knows a protocol.

mod binding;
mod counts;
mod division;
pub mod encode;
mod engine;
mod error;
mod functions;
pub mod geometry;
mod ingest;
mod metrics;
mod options;
mod outcome;
mod plan;
mod prepared;
mod principal;
mod queries;
mod rights;
mod runtime;
mod session;
mod sql;
mod statements;
mod stream;
mod system;
mod tables;
mod temporary;
#[cfg(test)]
mod tests;

pub use datafusion::common::ScalarValue as Value;
pub use godwit_catalog::TextLength;
pub use godwit_formats::encode::sql_type_name;
pub use godwit_formats::{Description, OptionDescription};
pub use godwit_udfs::{
    ArgumentInfo, FunctionInfo, FunctionKind, catalogue as function_catalogue, reference_page,
};

pub use crate::binding::bindable;
pub use crate::division::Division;
pub use crate::engine::Engine;
pub use crate::error::{Code, Error, Position};
pub use crate::ingest::{Ingest, IngestMode};
pub use crate::metrics::EngineMetrics;
pub use crate::options::{Protocol, SessionOptions};
pub use crate::outcome::{Completion, Execution, Outcome};
pub use crate::prepared::{Parameter, Prepared, StatementKind};
pub use crate::principal::{Access, Principal, Role};
pub use crate::queries::{QueryInfo, QueryState};
pub use crate::rights::{Grant, Privilege, Rights};
pub use crate::session::Session;
pub use crate::sql::{StatementText, split as split_statements};
pub use crate::stream::ResultStream;
pub use crate::tables::{TableFilter, TableInfo, TableKind};

/// The name of the catalog that holds every schema.
pub const DEFAULT_CATALOG: &str = "godwit";

/// The schema a session starts in.
pub const DEFAULT_SCHEMA: &str = "public";

/// Returns the functions that mean something of their own in the escapes of JDBC and ODBC, as
/// `{fn dayname(x)}`, in lower case. Others in escapes are those without.
pub fn escaped_functions() -> impl Iterator<Item = &'static str> {
    sql::rewrite::escaped_names()
}

/// Returns what there is to read about every file format.
pub fn format_descriptions() -> Vec<&'static Description> {
    godwit_formats::formats().iter().map(|format| format.describe()).collect()
}
