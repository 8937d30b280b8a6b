//! Texts of several statements: executed one after the other in one session, each as a statement of
//! its own; the last one answers.

use godwit_engine::{Execution, Session, StatementText};

use crate::http::problem::Problem;

/// Executes the statements of a text but for the last, and returns that one, if there is any.
pub(super) async fn run_to_last(
    session: &Session,
    sql: &str,
) -> Result<Option<StatementText>, Problem> {
    let mut texts = session.statements(sql).await?;
    let last = texts.pop();
    for text in texts {
        run(session, &text).await?;
    }
    Ok(last)
}

/// Executes a statement whose rows nobody asked for.
async fn run(session: &Session, text: &StatementText) -> Result<(), Problem> {
    let execution = Box::pin(session.execute(&text.sql, Vec::new())).await;
    let Execution { query_id, outcome } = execution.map_err(|error| text.locate(error))?;
    let done = outcome.discard().await;
    done.map_err(|error| Problem::of_statement(&text.locate(error), Some(query_id)))
}
