//! The three doors a statement can take, behind the interface of the `.slt` runner.

mod flight;
mod http;
mod in_process;

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType};

use crate::places::substitute;
use crate::render::render_rows;

/// The way from the test to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Calls the engine directly.
    InProcess,
    /// Goes through a Flight SQL client and server.
    Flight,
    /// Goes through `POST /v1/sql` with Arrow results.
    Http,
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 3] = [Self::InProcess, Self::Flight, Self::Http];

    /// Returns the label that `onlyif` and `skipif` use in `.slt` files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::InProcess => "in_process",
            Self::Flight => "flight",
            Self::Http => "http",
        }
    }
}

/// A failed statement: the message a user sees, and the SQLSTATE.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// The SQLSTATE, if the door carries one.
    pub sqlstate: Option<String>,
    /// The message, with the hint behind it if there is one.
    pub message: String,
}

impl EngineError {
    fn harness(error: impl std::fmt::Display) -> Self {
        Self { sqlstate: None, message: format!("harness: {error}") }
    }
}

/// What a statement answered.
enum Answer {
    Rows(Vec<RecordBatch>),
    Done(u64),
}

/// A fresh server with an empty data directory, reached through one door.
pub struct Database {
    door: Door,
    client: Client,
    scratch: PathBuf,
    // Keeps the folder until the test is over.
    _folder: tempfile::TempDir,
}

enum Client {
    InProcess(in_process::Client),
    Flight(Box<flight::Client>),
    Http(Box<http::Client>),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Database").field("door", &self.door).finish_non_exhaustive()
    }
}

impl Database {
    /// Starts a database in a new temporary folder.
    ///
    /// # Errors
    /// Fails when the folder cannot be made or the server does not start.
    pub async fn start(door: Door) -> Result<Self, EngineError> {
        let folder = tempfile::tempdir().map_err(EngineError::harness)?;
        let scratch = folder.path().join("scratch");
        std::fs::create_dir(&scratch).map_err(EngineError::harness)?;
        let config = config(folder.path());
        let client = match door {
            Door::InProcess => Client::InProcess(in_process::Client::start(&config).await?),
            Door::Flight => Client::Flight(Box::new(flight::Client::start(config).await?)),
            Door::Http => Client::Http(Box::new(http::Client::start(config).await?)),
        };
        Ok(Self { door, client, scratch, _folder: folder })
    }
}

/// Returns the settings of a test server: free ports, few resources, fixtures readable by everyone.
fn config(folder: &Path) -> godwit_config::Config {
    let mut config = godwit_config::Config::default();
    config.storage.data_dir = folder.join("data");
    let readable = [crate::repository(), folder.to_path_buf()];
    config.storage.allowed_locations =
        readable.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    config.listen.flight_addr = "127.0.0.1:0".parse().unwrap_or(config.listen.flight_addr);
    config.listen.http_addr = "127.0.0.1:0".parse().unwrap_or(config.listen.http_addr);
    config
}

#[async_trait]
impl AsyncDB for Database {
    type Error = EngineError;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, EngineError> {
        let sql = substitute(sql, &self.scratch);
        let answer = match &mut self.client {
            Client::InProcess(client) => client.run(&sql).await?,
            Client::Flight(client) => client.run(&sql).await?,
            Client::Http(client) => client.run(&sql).await?,
        };
        match answer {
            Answer::Done(count) => Ok(DBOutput::StatementComplete(count)),
            Answer::Rows(batches) => {
                let columns = batches.first().map_or(0, RecordBatch::num_columns);
                let rows = render_rows(&batches).map_err(EngineError::harness)?;
                Ok(DBOutput::Rows { types: vec![DefaultColumnType::Any; columns], rows })
            }
        }
    }

    async fn shutdown(&mut self) {
        match &mut self.client {
            Client::InProcess(client) => client.stop().await,
            Client::Flight(client) => client.stop().await,
            Client::Http(client) => client.stop().await,
        }
    }

    fn engine_name(&self) -> &str {
        self.door.label()
    }

    async fn sleep(duration: std::time::Duration) {
        tokio::time::sleep(duration).await;
    }

    fn error_sql_state(error: &EngineError) -> Option<String> {
        error.sqlstate.clone()
    }
}
