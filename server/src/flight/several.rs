//! Texts of several statements, as a client may send them where nothing is prepared.
//!
//! They are executed one after the other, each as a statement of its own; the last one answers.

use godwit_engine::{Execution, Prepared, Session, StatementText};

use super::call::Call;
use super::service::Shared;
use super::settings::Settings;
use super::status::Failure;

/// Plans the statement of a text. Of several, those before the last are executed: what they make is
/// there for the next one to be planned.
pub(super) async fn plan_last(
    shared: &Shared,
    call: &Call,
    settings: &Settings,
    sql: &str,
) -> Result<Prepared, Failure> {
    let session = call.session(shared, settings);
    let mut texts = session.statements(sql).await?;
    let last = texts.pop();
    for text in texts {
        let statement = plan(shared, call, &session, &text).await?;
        run(&statement, &text).await?;
    }
    match last {
        Some(text) => plan(shared, call, &session, &text).await,
        None => call.prepare(shared, settings, sql).await,
    }
}

async fn plan(
    shared: &Shared,
    call: &Call,
    session: &Session,
    text: &StatementText,
) -> Result<Prepared, Failure> {
    let plan = Box::pin(session.prepare(&text.sql)).await;
    let plan = plan.map_err(|error| text.locate(error))?;
    call.keep(shared, session.clone(), &plan);
    Ok(plan)
}

/// Executes a statement whose rows nobody asked for.
async fn run(statement: &Prepared, text: &StatementText) -> Result<(), Failure> {
    let execution = Box::pin(statement.execute(Vec::new())).await;
    let Execution { query_id, outcome } = execution.map_err(|error| text.locate(error))?;
    let done = outcome.discard().await;
    done.map_err(|error| Failure::of_query(&text.locate(error), query_id))
}
