//! The list of queries.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use uuid::Uuid;

use super::audit::Audit;
use super::cancel::{Cancel, CancelReason};
use super::info::{QueryInfo, QueryState};
use super::interrupt::Interrupt;
use crate::error::Error;
use crate::options::Protocol;

/// How many ended queries the list remembers.
const REMEMBERED: usize = 256;

/// How much of a statement's text the list shows.
const SHOWN_TEXT: usize = 16 * 1024;

/// The list of queries: those that live, and the last that ended.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    live: Mutex<HashMap<Uuid, Arc<Tracked>>>,
    ended: Mutex<VecDeque<QueryInfo>>,
    closed: AtomicBool,
    started: AtomicU64,
    failed: AtomicU64,
}

/// A query that lives.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) id: Uuid,
    sql: String,
    pub(super) user: String,
    pub(super) protocol: Protocol,
    pub(super) submitted_at: DateTime<Utc>,
    started_at: Mutex<Option<DateTime<Utc>>>,
    pub(super) rows: AtomicU64,
    cancel: Cancel,
    interrupt: OnceLock<Interrupt>,
    /// What its event in the log tells, if that is asked for.
    pub(super) audit: Option<Audit>,
}

impl Tracked {
    /// Lets the query's end reach into the statement's long computations.
    pub(super) fn attach(&self, interrupt: &Interrupt) {
        let _ = self.interrupt.set(interrupt.clone());
    }

    /// Stops what the query still computes.
    pub(super) fn interrupt(&self) {
        if let Some(interrupt) = self.interrupt.get() {
            interrupt.stop();
        }
    }

    /// Is ready with an error once someone ended the query.
    pub(super) fn poll_canceled(&self, context: &Context<'_>) -> Poll<Error> {
        self.cancel.poll(context)
    }

    /// Returns the error of a query that someone ended.
    pub(super) fn canceled(&self) -> Option<Error> {
        self.cancel.error()
    }

    fn cancel(&self, reason: CancelReason) {
        self.cancel.cancel(reason);
        self.interrupt();
    }

    fn info(&self, state: Option<QueryState>, error: Option<&Error>) -> QueryInfo {
        let started_at = *self.started_at.lock();
        let running = if started_at.is_some() { QueryState::Running } else { QueryState::Queued };
        QueryInfo {
            id: self.id,
            sql: self.sql.clone(),
            user: self.user.clone(),
            protocol: self.protocol,
            state: state.unwrap_or(running),
            submitted_at: self.submitted_at,
            started_at,
            finished_at: state.map(|_| Utc::now()),
            rows: self.rows.load(Ordering::Relaxed),
            error: error.map(|error| error.message.clone()),
            sqlstate: error.map(|error| error.code.sqlstate()),
        }
    }
}

impl Registry {
    /// Puts a query on the list.
    pub(super) fn enter(
        &self,
        sql: &str,
        user: &str,
        protocol: Protocol,
        session: Uuid,
    ) -> Arc<Tracked> {
        let tracked = Arc::new(Tracked {
            id: Uuid::now_v7(),
            sql: shown(sql),
            user: user.to_owned(),
            protocol,
            submitted_at: Utc::now(),
            started_at: Mutex::new(None),
            rows: AtomicU64::new(0),
            cancel: Cancel::default(),
            interrupt: OnceLock::new(),
            audit: Audit::begin(session, sql),
        });
        self.live.lock().insert(tracked.id, Arc::clone(&tracked));
        tracked
    }

    /// Notes that a query got its slot.
    pub(super) fn start(&self, tracked: &Tracked) {
        *tracked.started_at.lock() = Some(Utc::now());
        self.started.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes a query off the list of the living.
    pub(super) fn leave(&self, tracked: &Tracked, state: QueryState, error: Option<&Error>) {
        if self.live.lock().remove(&tracked.id).is_none() {
            return;
        }
        if state == QueryState::Failed {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        let mut ended = self.ended.lock();
        if ended.len() >= REMEMBERED {
            ended.pop_front();
        }
        ended.push_back(tracked.info(Some(state), error));
    }

    /// Returns the queries, newest first.
    pub(crate) fn list(&self) -> Vec<QueryInfo> {
        let mut queries: Vec<QueryInfo> =
            self.live.lock().values().map(|tracked| tracked.info(None, None)).collect();
        queries.extend(self.ended.lock().iter().cloned());
        // Version 7 ids order by time.
        queries.sort_by_key(|query| std::cmp::Reverse(query.id));
        queries
    }

    /// Returns the user of a living query.
    pub(crate) fn user(&self, id: Uuid) -> Option<String> {
        self.live.lock().get(&id).map(|tracked| tracked.user.clone())
    }

    /// Ends a query; returns whether it lived.
    pub(crate) fn cancel(&self, id: Uuid, reason: CancelReason) -> bool {
        let tracked = self.live.lock().get(&id).cloned();
        match tracked {
            Some(tracked) => {
                tracked.cancel(reason);
                true
            }
            None => false,
        }
    }

    /// Ends every query.
    pub(crate) fn cancel_all(&self, reason: CancelReason) {
        let live: Vec<Arc<Tracked>> = self.live.lock().values().cloned().collect();
        for tracked in live {
            tracked.cancel(reason);
        }
    }

    /// Refuses new queries from now on.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Returns whether new queries are refused.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Returns how many queries wait or run.
    pub(crate) fn live(&self) -> usize {
        self.live.lock().len()
    }

    /// Returns how many queries run.
    pub(crate) fn running(&self) -> usize {
        self.live.lock().values().filter(|tracked| tracked.started_at.lock().is_some()).count()
    }

    /// Returns how many queries were started and how many failed.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.started.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

fn shown(sql: &str) -> String {
    if sql.len() <= SHOWN_TEXT {
        return sql.to_owned();
    }
    let end = (0..=SHOWN_TEXT).rev().find(|end| sql.is_char_boundary(*end)).unwrap_or(0);
    format!("{}...", sql.get(..end).unwrap_or_default())
}
