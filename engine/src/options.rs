//! What a session can be told when it is made.

use std::collections::BTreeMap;
use std::time::Duration;

/// What a session can be told when it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionOptions {
    /// The schema of unqualified names; `public` when absent.
    pub schema: Option<String>,
    /// The time zone of `TIMESTAMP WITH TIME ZONE` values; UTC when absent.
    pub time_zone: Option<String>,
    /// A limit on the run time of one query, never above the server's own.
    pub query_timeout: Option<Duration>,
    /// The protocol the session serves.
    pub protocol: Protocol,
    /// Whether statements that change anything are refused.
    pub read_only: bool,
    /// Variables, as `SET name = value` would take them.
    pub settings: BTreeMap<String, String>,
    /// A limit on the rows one query may return, past which it fails.
    pub max_rows: Option<u64>,
}

/// The protocol a session serves, shown in the query list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// The command line.
    #[default]
    Cli,
    /// HTTP.
    Http,
    /// Arrow Flight SQL.
    Flight,
}

impl Protocol {
    /// Returns the protocol's name in the query list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Http => "http",
            Self::Flight => "flight",
        }
    }
}
