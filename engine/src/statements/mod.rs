//! What each kind of statement does.

mod analyze;
mod change;
mod cluster;
mod definitions;
mod grants;
mod ingest;
mod insert;
mod many_changes;
mod match_columns;
mod merge;
mod named_systems;
mod query;
mod ready;
mod returning;
mod rewrite;
mod session;
mod show;
mod target;
mod typed_values;
mod write;

use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;

use self::rewrite::What;
use crate::Value;
use crate::error::Error;
use crate::outcome::Completion;
use crate::prepared::StatementKind;
use crate::queries::RowCounter;
use crate::session::Session;
use crate::sql::{CreateSource, CreateTable, Statement};

pub(crate) use ingest::run as ingest;
pub(crate) use insert::{plan_rows, run_plan as insert_plan};
pub(crate) use many_changes::{change_rows, change_values};
pub(crate) use query::{bound_schema, optimized, physical};
pub(crate) use ready::{Ready, ready};

/// What a statement gives: rows to come, or what it did.
pub(crate) enum Step {
    Rows { schema: SchemaRef, stream: SendableRecordBatchStream },
    Done(Completion),
}

/// Returns what a statement does to the world.
pub(crate) fn kind(statement: &Statement) -> StatementKind {
    match statement {
        Statement::Query(_)
        | Statement::Explain(_)
        | Statement::Analyze(_)
        | Statement::Show(_)
        | Statement::Describe(_) => StatementKind::Query,
        Statement::Insert(_)
        | Statement::Change(_)
        | Statement::Merge(_)
        | Statement::Copy(_)
        | Statement::CreateTable(CreateTable { source: CreateSource::Query(_), .. }) => {
            StatementKind::Dml
        }
        Statement::CreateTable(_)
        | Statement::CreateExternalTable(_)
        | Statement::CreateView(_)
        | Statement::CreateSchema { .. }
        | Statement::Drop(_) => StatementKind::Ddl,
        Statement::Set { .. }
        | Statement::Reset { .. }
        | Statement::Use(_)
        | Statement::Kill(_) => StatementKind::Session,
    }
}

/// Runs a statement whose tables are open.
pub(crate) async fn run(
    statement: &Statement,
    session: &Session,
    ready: Ready,
    values: Vec<Value>,
    counter: &RowCounter,
) -> Result<Step, Error> {
    match statement {
        Statement::Query(_)
        | Statement::Explain(_)
        | Statement::Show(_)
        | Statement::Describe(_) => query::run(statement, ready, values).await,
        Statement::Analyze(tables) => Box::pin(analyze::run(tables, ready)).await,
        Statement::CreateTable(create) => {
            write::create_table(create, ready, values, counter).await.map(Step::Done)
        }
        Statement::Insert(insert) => Box::pin(insert::run(insert, ready, values, counter)).await,
        Statement::Change(change) => {
            Box::pin(rewrite::run(What::Change(change), ready, values, counter)).await
        }
        Statement::Merge(merge) => {
            Box::pin(rewrite::run(What::Merge(merge), ready, values, counter)).await
        }
        Statement::Copy(copy) => write::copy(copy, ready, values, counter).await.map(Step::Done),
        Statement::CreateExternalTable(create) => {
            definitions::create_external(create, &ready.scope).await.map(Step::Done)
        }
        Statement::CreateView(create) => {
            definitions::create_view(create, &ready.scope).await.map(Step::Done)
        }
        Statement::CreateSchema { name, if_not_exists } => {
            definitions::create_schema(name, *if_not_exists, &ready.scope).await.map(Step::Done)
        }
        Statement::Drop(drop) => definitions::drop(drop, &ready.scope).await.map(Step::Done),
        Statement::Set { name, value } => session::set(session, name, value).map(Step::Done),
        Statement::Reset { name } => session::reset(session, name).map(Step::Done),
        Statement::Use(name) => session::use_schema(session, name).map(Step::Done),
        Statement::Kill(id) => session::kill(session, *id).map(Step::Done),
    }
}
