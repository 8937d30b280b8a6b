//! Statements against an engine with a data directory of its own.

mod access;
mod analyze;
mod catalog;
mod grants;
mod kept_sides;
mod limits;
mod many_changes;
mod names;
mod parameters;
mod queries;
mod restart;
mod temporary;
mod writes;

use arrow::array::RecordBatch;
use arrow::util::pretty::pretty_format_batches;
use futures::TryStreamExt as _;
use godwit_config::Config;
use tempfile::TempDir;

use crate::{Completion, Engine, Error, Outcome, Principal, Session, SessionOptions, Value};

/// An engine in a directory that goes away with it.
struct Fixture {
    engine: Engine,
    session: Session,
    directory: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.storage.data_dir = directory.path().join("data");
        config.limits.memory_bytes = Some(256 << 20);
        change(&mut config);
        let engine = Engine::start(&config).await.expect("starts");
        let session = engine.session(Principal::local("ada"), SessionOptions::default());
        Self { engine, session, directory }
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_string_lossy().into_owned()
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("writes");
        path
    }

    async fn done(&self, sql: &str) -> Completion {
        match self.session.execute(sql, Vec::new()).await {
            Ok(execution) => match execution.outcome {
                Outcome::Done(completion) => completion,
                Outcome::Rows(_) => panic!("{sql} returned rows"),
            },
            Err(error) => panic!("{sql}: {error:?}"),
        }
    }

    async fn rows(&self, sql: &str) -> String {
        match rows(&self.session, sql, Vec::new()).await {
            Ok(rows) => rows,
            Err(error) => panic!("{sql}: {error:?}"),
        }
    }

    async fn refused(&self, sql: &str) -> Error {
        refused(&self.session, sql).await
    }
}

async fn batches(
    session: &Session,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<RecordBatch>, Error> {
    match session.execute(sql, values).await?.outcome {
        Outcome::Rows(stream) => stream.try_collect().await,
        Outcome::Done(_) => Ok(Vec::new()),
    }
}

/// Returns the rows as lines with a bar between values, the names of the columns first.
async fn rows(session: &Session, sql: &str, values: Vec<Value>) -> Result<String, Error> {
    shown(&batches(session, sql, values).await?)
}

fn shown(batches: &[RecordBatch]) -> Result<String, Error> {
    let table = pretty_format_batches(batches)?.to_string();
    Ok(table
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            cells.join("|")
        })
        .collect::<Vec<_>>()
        .join("\n"))
}

async fn refused(session: &Session, sql: &str) -> Error {
    match rows(session, sql, Vec::new()).await {
        Ok(rows) => panic!("{sql} returned {rows}"),
        Err(error) => error,
    }
}
