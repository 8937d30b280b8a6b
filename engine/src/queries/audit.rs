//! One event in the log for each statement, for whoever asks for it with `audit=info` in the filter.
//!
//! The text of a statement may hold what nobody should read in a log, so it is told by its SHA-256.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::info::QueryState;
use super::registry::Tracked;
use crate::error::{Code, Error};
use crate::session::Session;

/// What the event of a statement tells beside what the list of queries shows.
#[derive(Debug)]
pub(super) struct Audit {
    session: Uuid,
    digest: String,
    bytes: AtomicU64,
}

impl Audit {
    /// Returns what to tell of a statement; nothing if nobody asks for it.
    pub(super) fn begin(session: Uuid, sql: &str) -> Option<Self> {
        is_wanted().then(|| Self { session, digest: digest(sql), bytes: AtomicU64::new(0) })
    }

    /// Counts the bytes of rows, as they are in memory.
    pub(super) fn count(&self, rows: &RecordBatch) {
        let bytes = u64::try_from(rows.get_array_memory_size()).unwrap_or(u64::MAX);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Tracked {
    /// Tells how the statement ended.
    pub(super) fn report(&self, state: QueryState, code: Option<Code>) {
        let Some(audit) = &self.audit else { return };
        tracing::info!(
            target: "audit",
            user = self.user,
            session = %audit.session,
            query_id = %self.id,
            protocol = self.protocol.name(),
            sql_sha256 = audit.digest,
            rows = self.rows.load(Ordering::Relaxed),
            bytes = audit.bytes.load(Ordering::Relaxed),
            status = state.name(),
            sqlstate = code.map(Code::sqlstate),
            duration_ms = milliseconds_since(self.submitted_at),
            "statement"
        );
    }
}

/// Tells of a statement that was never run.
pub(crate) fn refused(session: &Session, sql: &str, begun_at: DateTime<Utc>, error: &Error) {
    if !is_wanted() {
        return;
    }
    tracing::info!(
        target: "audit",
        user = session.principal().name,
        session = %session.id(),
        protocol = session.options().protocol.name(),
        sql_sha256 = digest(sql),
        status = "refused",
        sqlstate = error.code.sqlstate(),
        duration_ms = milliseconds_since(begun_at),
        "statement"
    );
}

fn is_wanted() -> bool {
    tracing::enabled!(target: "audit", tracing::Level::INFO)
}

fn milliseconds_since(begun_at: DateTime<Utc>) -> i64 {
    (Utc::now() - begun_at).num_milliseconds()
}

fn digest(sql: &str) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(sql.as_bytes()) {
        // Writing to a text does not fail.
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_by_their_sha256() {
        // From FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc"), abc);
    }
}
