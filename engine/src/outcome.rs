//! What executing a statement gives back.

use std::future::ready;

use futures::TryStreamExt as _;
use uuid::Uuid;

use crate::error::Error;
use crate::stream::ResultStream;

/// A statement that was executed.
#[derive(Debug)]
pub struct Execution {
    /// The query's id in the query list.
    pub query_id: Uuid,
    /// Its rows, or what it did.
    pub outcome: Outcome,
}

/// The rows of a query, or what another statement did.
#[derive(Debug)]
pub enum Outcome {
    /// The rows of a query, not yet computed.
    Rows(ResultStream),
    /// What a statement that returns no rows did.
    Done(Completion),
}

impl Outcome {
    /// Computes rows that nobody asked for.
    pub async fn discard(self) -> Result<(), Error> {
        match self {
            Self::Rows(rows) => rows.try_for_each(|_batch| ready(Ok(()))).await,
            Self::Done(_) => Ok(()),
        }
    }
}

/// What a statement that returns no rows did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The leading words of the statement, as `CREATE TABLE`.
    pub operation: &'static str,
    /// The number of rows written, for statements that write rows.
    pub rows_affected: Option<u64>,
    /// The table version a commit made, for versioned tables.
    pub version: Option<i64>,
}

impl Completion {
    /// Returns the completion of a statement that writes no rows.
    pub(crate) fn of(operation: &'static str) -> Self {
        Self { operation, rows_affected: None, version: None }
    }
}
