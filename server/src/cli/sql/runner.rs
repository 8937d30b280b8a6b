//! Where statements run: an engine in this process, or a server.

use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use godwit_config::Config;
use godwit_engine::{Code, Engine, Outcome, Principal, Session, SessionOptions};
use url::Url;

use crate::cli::failure::Failure;
use crate::cli::sql::destination::Destination;
use crate::cli::sql::progress::Progress;
use crate::flight::client::{Answer, Authentication, Client};

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
    pub(super) async fn connect(url: &str, token: Option<String>) -> Result<Self, Failure> {
        let (url, user) = split_credentials(url);
        let authentication = match (user, token) {
            (Some((user, password)), _) => Authentication::Basic { user, password },
            (None, Some(token)) => Authentication::Token(token),
            (None, None) => Authentication::None,
        };
        let client = Box::pin(Client::connect(&url, authentication)).await?;
        Ok(Self::Remote(Box::new(client)))
    }

    /// Runs a statement and writes what it gives back.
    pub(super) async fn run(
        &mut self,
        sql: &str,
        destination: &mut Destination,
    ) -> Result<(), Failure> {
        let started = Instant::now();
        let mut progress = Progress::new();
        match progress.wait_for(Box::pin(self.execute(sql))).await? {
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

    async fn execute(&mut self, sql: &str) -> Result<Output, Failure> {
        match self {
            Self::Embedded(_, session) => {
                let execution = Box::pin(session.execute(sql, Vec::new())).await?;
                Ok(match execution.outcome {
                    Outcome::Rows(rows) => {
                        Output::Rows(rows.schema(), rows.map_err(Failure::from).boxed())
                    }
                    Outcome::Done(done) => Output::Done {
                        operation: Some(done.operation),
                        rows: done.rows_affected,
                        version: done.version,
                    },
                })
            }
            Self::Remote(client) => Ok(match Box::pin(client.execute(sql)).await? {
                Answer::Rows(rows) => {
                    Output::Rows(rows.schema, rows.batches.map_err(Failure::from).boxed())
                }
                Answer::Done { rows_affected } => {
                    Output::Done { operation: None, rows: rows_affected, version: None }
                }
            }),
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

/// Returns the URL without its user and password, and these.
fn split_credentials(url: &str) -> (String, Option<(String, String)>) {
    let Ok(parsed) = Url::parse(url) else { return (url.to_owned(), None) };
    if parsed.username().is_empty() {
        return (url.to_owned(), None);
    }
    let text = |part: &str| {
        url::form_urlencoded::parse(format!("p={}", part.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let credentials = (text(parsed.username()), text(parsed.password().unwrap_or_default()));
    let bare = match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            format!("{scheme}://{host}")
        }
        None => url.to_owned(),
    };
    (bare, Some(credentials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_url() {
        let (url, user) = split_credentials("grpc://ada:p%40ss+1@localhost:50051");
        assert_eq!(url, "grpc://localhost:50051");
        assert_eq!(user, Some(("ada".to_owned(), "p@ss+1".to_owned())));
        let (url, user) = split_credentials("grpc://localhost:50051");
        assert_eq!((url.as_str(), user), ("grpc://localhost:50051", None));
    }
}
