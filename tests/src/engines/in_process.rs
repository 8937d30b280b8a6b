//! The engine called directly.

use std::time::Duration;

use futures::TryStreamExt as _;
use godwit_config::Config;
use godwit_engine::{Engine, Error, Outcome, Principal, Role, Session, SessionOptions};

use super::{Answer, EngineError};

/// An engine and one session on it.
pub(super) struct Client {
    engine: Engine,
    session: Session,
}

impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        let sqlstate = Some(error.code.sqlstate().to_owned());
        let message = match &error.hint {
            Some(hint) => format!("{}; hint: {hint}", error.message),
            None => error.message.clone(),
        };
        Self { sqlstate, message }
    }
}

impl Client {
    pub(super) async fn start(config: &Config) -> Result<Self, EngineError> {
        let engine = Engine::start(config).await?;
        let principal = Principal::network("tester", Role::Admin);
        let session = engine.session(principal, SessionOptions::default());
        Ok(Self { engine, session })
    }

    pub(super) async fn run(&self, sql: &str) -> Result<Answer, EngineError> {
        let execution = self.session.execute(sql, Vec::new()).await?;
        match execution.outcome {
            Outcome::Rows(stream) => Ok(Answer::Rows(stream.try_collect().await?)),
            Outcome::Done(completion) => Ok(Answer::Done(completion.rows_affected.unwrap_or(0))),
        }
    }

    pub(super) async fn stop(&self) {
        self.engine.shutdown(Duration::from_secs(5)).await;
    }
}
