//! Where statements run: an engine in this process, or a server.

use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use godwit_config::Config;
use godwit_engine::{Code, Engine, Outcome, Principal, Session, SessionOptions, StatementText};

use crate::cli::failure::Failure;
use crate::cli::sql::access::Access;
use crate::cli::sql::destination::Destination;
use crate::cli::sql::progress::Progress;
use crate::flight::client::{Answer, Client, ClientError};

/// How long statements of this process get to clean up.
const GRACE: Duration = Duration::from_secs(5);

/// Where statements run.
pub(super) enum Runner {
    Embedded(Engine, Box<Session>),
    Remote(Box<Client>),
}

/// What a statement gave back, wherever it ran.
enum Output {
    Rows(SchemaRef, BoxStream<'static, Result<RecordBatch, Failure>>),
    Done { operation: Option<&'static str>, rows: Option<u64>, version: Option<i64> },
}

impl Runner {
    /// Starts an engine for the user of the process.
    pub(super) async fn embedded(config: &Config) -> Result<Self, Failure> {
        let engine = Box::pin(Engine::start(config)).await.map_err(not_started)?;
        let session = engine.session(Principal::local("local"), SessionOptions::default());
        Ok(Self::Embedded(engine, Box::new(session)))
    }

    /// Connects to a server; the URL may hold a user and a password.
    pub(super) async fn connect(url: &str, access: &Access) -> Result<Self, Failure> {
        let (url, authentication) = access.credentials(url);
        let tls = access.tls()?;
        let client = Box::pin(Client::connect(&url, authentication, &tls)).await?;
        Ok(Self::Remote(Box::new(client)))
    }

    /// Runs a statement and writes what it gives back.
    pub(super) async fn run(
        &mut self,
        text: &StatementText,
        destination: &mut Destination,
    ) -> Result<(), Failure> {
        let started = Instant::now();
        let mut progress = Progress::new();
        match progress.wait_for(Box::pin(self.execute(text))).await? {
            Output::Done { operation, rows, version } => {
                progress.clear();
                destination.write_completion(operation, rows, version, started.elapsed())
            }
            Output::Rows(schema, mut batches) => {
                destination.begin(&schema)?;
                let mut rows = 0;
                while let Some(batch) = progress.wait_for(batches.try_next()).await? {
                    rows += batch.num_rows();
                    progress.clear();
                    destination.write(&batch)?;
                    progress.set_rows(rows, destination.is_on_screen());
                }
                progress.clear();
                destination.end(rows, started.elapsed())
            }
        }
    }

    async fn execute(&mut self, text: &StatementText) -> Result<Output, Failure> {
        let sql = &text.sql;
        match self {
            Self::Embedded(_, session) => {
                let execution = Box::pin(session.execute(sql, Vec::new())).await;
                let execution = execution.map_err(|error| text.locate(error))?;
                Ok(match execution.outcome {
                    Outcome::Rows(rows) => {
                        let (schema, text) = (rows.schema(), text.clone());
                        let rows = rows.map_err(move |error| Failure::from(text.locate(error)));
                        Output::Rows(schema, rows.boxed())
                    }
                    Outcome::Done(done) => Output::Done {
                        operation: Some(done.operation),
                        rows: done.rows_affected,
                        version: done.version,
                    },
                })
            }
            Self::Remote(client) => {
                let place = text.place();
                let failed =
                    move |error: ClientError| Failure::from(error).with_detail(place.clone());
                let answer = Box::pin(client.execute(sql)).await.map_err(&failed)?;
                Ok(match answer {
                    Answer::Rows(rows) => {
                        Output::Rows(rows.schema, rows.batches.map_err(failed).boxed())
                    }
                    Answer::Done { rows_affected } => {
                        Output::Done { operation: None, rows: rows_affected, version: None }
                    }
                })
            }
        }
    }

    /// Ends the engine, if there is one.
    pub(super) async fn stop(self) {
        if let Self::Embedded(engine, _) = self {
            Box::pin(engine.shutdown(GRACE)).await;
        }
    }
}

fn not_started(error: godwit_engine::Error) -> Failure {
    let needs_hint = error.code == Code::InvalidConfiguration && error.hint.is_none();
    let failure = Failure::from(error);
    if !needs_hint {
        return failure;
    }
    failure.with_hint(
        "if a server runs there, run the statement on it with --url, or name another --data-dir",
    )
}
