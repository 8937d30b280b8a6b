//! A query as the query list shows it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::options::Protocol;

/// A query as the query list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryInfo {
    /// The query's id.
    pub id: Uuid,
    /// The statement's text.
    pub sql: String,
    /// The user's name.
    pub user: String,
    /// The protocol it came by.
    pub protocol: Protocol,
    /// What it is doing.
    pub state: QueryState,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// When it got its admission slot.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The rows it has returned or written so far.
    pub rows: u64,
    /// Why it failed.
    pub error: Option<String>,
    /// The SQLSTATE of that.
    pub sqlstate: Option<&'static str>,
}

/// What a query is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryState {
    /// Waiting for an admission slot.
    Queued,
    /// Running.
    Running,
    /// Ended with all its rows.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ended because someone said so.
    Canceled,
}

impl QueryState {
    /// Returns the state's name in the query list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Returns whether the query has ended.
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}
