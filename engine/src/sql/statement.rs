//! A parsed statement.

use std::collections::BTreeMap;

use sqlparser::ast::{self, Ident, ObjectName, Query};
use uuid::Uuid;

use super::change::{Change, others};
use super::merge::Merge;
use crate::temporary::is_temporary as is_temporary_schema;

/// A parsed statement.
#[derive(Debug, Clone)]
pub(crate) enum Statement {
    Query(Box<Query>),
    Explain(Explain),
    CreateExternalTable(CreateExternalTable),
    CreateTable(CreateTable),
    CreateView(CreateView),
    CreateSchema { name: ObjectName, if_not_exists: bool },
    Drop(Drop),
    Insert(Insert),
    Change(Change),
    Merge(Merge),
    Copy(Copy),
    Analyze(Vec<Analyze>),
    Show(Show),
    Describe(Describe),
    Set { name: String, value: String },
    Reset { name: String },
    Use(ObjectName),
    Kill(Uuid),
}

/// `EXPLAIN [ANALYZE] [VERBOSE] [FORMAT f] statement`.
#[derive(Debug, Clone)]
pub(crate) struct Explain {
    pub(crate) analyze: bool,
    pub(crate) verbose: bool,
    pub(crate) format: Option<String>,
    pub(crate) query: Box<Query>,
}

/// `CREATE [OR REPLACE] EXTERNAL TABLE [IF NOT EXISTS] name clauses`.
#[derive(Debug, Clone)]
pub(crate) struct CreateExternalTable {
    pub(crate) or_replace: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) name: ObjectName,
    pub(crate) format: Option<String>,
    pub(crate) location: String,
    pub(crate) partitioned_by: Vec<(Ident, Option<ast::DataType>)>,
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) comment: Option<String>,
}

/// `CREATE [OR REPLACE] [TEMPORARY] TABLE [IF NOT EXISTS] name [(columns)] clauses [AS query]`.
#[derive(Debug, Clone)]
pub(crate) struct CreateTable {
    pub(crate) or_replace: bool,
    pub(crate) is_temporary: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) name: ObjectName,
    pub(crate) format: Option<String>,
    pub(crate) partitioned_by: Vec<Ident>,
    pub(crate) cluster_by: Vec<Ident>,
    pub(crate) location: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) source: CreateSource,
}

/// Where a new table's columns come from.
#[derive(Debug, Clone)]
pub(crate) enum CreateSource {
    Query(Box<Query>),
    Columns(Vec<ast::ColumnDef>),
}

/// `CREATE [OR REPLACE] [TEMPORARY] VIEW [IF NOT EXISTS] name [(columns)] AS query`.
#[derive(Debug, Clone)]
pub(crate) struct CreateView {
    pub(crate) or_replace: bool,
    pub(crate) is_temporary: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) name: ObjectName,
    pub(crate) comment: Option<String>,
    pub(crate) query: Box<Query>,
    /// The user's own text of the query.
    pub(crate) sql: String,
}

/// `DROP kind [IF EXISTS] name, ... [CASCADE]`.
#[derive(Debug, Clone)]
pub(crate) struct Drop {
    pub(crate) kind: DropKind,
    pub(crate) if_exists: bool,
    pub(crate) names: Vec<ObjectName>,
    pub(crate) cascade: bool,
}

/// What `DROP` drops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DropKind {
    Table,
    View,
    Schema,
}

/// The name of the rows that a statement wrote or removed, which no user can write unquoted.
pub(crate) const RETURNED_ROWS: &str = "returned rows";

/// `INSERT INTO|OVERWRITE table [(columns)] query [RETURNING items]`.
#[derive(Debug, Clone)]
pub(crate) struct Insert {
    pub(crate) table: ObjectName,
    pub(crate) columns: Vec<Ident>,
    pub(crate) overwrite: bool,
    pub(crate) query: Box<Query>,
    /// The query over the new rows.
    pub(crate) returning: Option<Box<Query>>,
}

/// `COPY query TO 'location' clauses`.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub(crate) query: Box<Query>,
    pub(crate) location: String,
    pub(crate) format: Option<String>,
    pub(crate) partitioned_by: Vec<Ident>,
    pub(crate) cluster_by: Vec<Ident>,
    pub(crate) options: BTreeMap<String, String>,
}

/// One table of `ANALYZE [VERBOSE] [TABLE] [table [(columns)], ...]`; without any, all are meant.
#[derive(Debug, Clone)]
pub(crate) struct Analyze {
    pub(crate) table: ObjectName,
    pub(crate) columns: Vec<Ident>,
}

/// `SHOW what`.
#[derive(Debug, Clone)]
pub(crate) enum Show {
    Tables { schema: Option<Ident>, like: Option<String> },
    Schemas { like: Option<String> },
    Databases { like: Option<String> },
    Columns { table: ObjectName, like: Option<String> },
    Functions { like: Option<String> },
    Create(ObjectName),
    Queries,
    Grants,
    Variable(String),
    AllVariables,
}

/// `DESCRIBE table` or `DESCRIBE query`.
#[derive(Debug, Clone)]
pub(crate) enum Describe {
    Table(ObjectName),
    Query(Box<Query>),
}

impl Statement {
    /// Returns the query inside the statement, which is where parameters and tables can be.
    pub(crate) fn query(&self) -> Option<&Query> {
        match self {
            Self::Query(query) | Self::Describe(Describe::Query(query)) => Some(query),
            Self::Explain(explain) => Some(&explain.query),
            Self::CreateTable(create) => match &create.source {
                CreateSource::Query(query) => Some(query),
                CreateSource::Columns(_) => None,
            },
            Self::CreateView(create) => Some(&create.query),
            Self::Insert(insert) => Some(&insert.query),
            Self::Change(change) => Some(&change.query),
            Self::Merge(merge) => Some(&merge.query),
            Self::Copy(copy) => Some(&copy.query),
            _ => None,
        }
    }

    /// Returns the query inside the statement, to rewrite it.
    pub(crate) fn query_mut(&mut self) -> Option<&mut Query> {
        match self {
            Self::Query(query) | Self::Describe(Describe::Query(query)) => Some(query),
            Self::Explain(explain) => Some(&mut explain.query),
            Self::CreateTable(create) => match &mut create.source {
                CreateSource::Query(query) => Some(query),
                CreateSource::Columns(_) => None,
            },
            Self::CreateView(create) => Some(&mut create.query),
            Self::Insert(insert) => Some(&mut insert.query),
            Self::Change(change) => Some(&mut change.query),
            Self::Merge(merge) => Some(&mut merge.query),
            Self::Copy(copy) => Some(&mut copy.query),
            _ => None,
        }
    }

    /// Returns the query over the rows that the statement wrote or removed, which are its result.
    pub(crate) fn returning(&self) -> Option<&Query> {
        match self {
            Self::Insert(insert) => insert.returning.as_deref(),
            Self::Change(change) => change.returning.as_deref(),
            Self::Merge(merge) => merge.returning.as_deref(),
            _ => None,
        }
    }

    /// Returns the query over the rows that the statement wrote or removed, to rewrite it.
    pub(crate) fn returning_mut(&mut self) -> Option<&mut Query> {
        match self {
            Self::Insert(insert) => insert.returning.as_deref_mut(),
            Self::Change(change) => change.returning.as_deref_mut(),
            Self::Merge(merge) => merge.returning.as_deref_mut(),
            _ => None,
        }
    }

    /// Returns all queries in which parameters can be.
    pub(crate) fn queries_mut(&mut self) -> Vec<&mut Query> {
        match self {
            Self::Insert(Insert { query, returning, .. })
            | Self::Change(Change { query, returning, .. })
            | Self::Merge(Merge { query, returning, .. }) => {
                let mut queries = vec![query.as_mut()];
                queries.extend(returning.as_deref_mut());
                queries
            }
            other => other.query_mut().into_iter().collect(),
        }
    }

    /// Returns the query of all columns of the other relations of a statement that changes rows.
    pub(crate) fn others(&self) -> Option<Query> {
        match self {
            Self::Change(change) => others(&change.query),
            Self::Merge(merge) => others(&merge.query),
            _ => None,
        }
    }

    /// Returns whether the statement needs neither a plan nor tables, so that it can be done at once
    /// and without a slot: what ends or inspects queries must not wait behind them.
    pub(crate) fn is_brief(&self) -> bool {
        match self {
            Self::Set { .. } | Self::Reset { .. } | Self::Use(_) | Self::Kill(_) => true,
            Self::Show(show) => matches!(
                show,
                Show::Queries
                    | Show::Grants
                    | Show::Variable(_)
                    | Show::AllVariables
                    | Show::Functions { .. }
            ),
            _ => false,
        }
    }

    /// Returns whether the statement makes something that belongs to the session.
    pub(crate) fn makes_temporary(&self) -> bool {
        let (is_temporary, name) = match self {
            Self::CreateTable(create) => (create.is_temporary, &create.name),
            Self::CreateView(create) => (create.is_temporary, &create.name),
            Self::CreateExternalTable(create) => (false, &create.name),
            _ => return false,
        };
        // A name without a schema may be in `temp` too, if that is the current one.
        is_temporary
            || name
                .0
                .iter()
                .any(|part| part.as_ident().is_some_and(|part| is_temporary_schema(&part.value)))
    }

    /// Returns the leading words of the statement.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Query(_) => "SELECT",
            Self::Explain(_) => "EXPLAIN",
            Self::CreateExternalTable(_) => "CREATE EXTERNAL TABLE",
            Self::CreateTable(_) => "CREATE TABLE",
            Self::CreateView(_) => "CREATE VIEW",
            Self::CreateSchema { .. } => "CREATE SCHEMA",
            Self::Drop(drop) => match drop.kind {
                DropKind::Table => "DROP TABLE",
                DropKind::View => "DROP VIEW",
                DropKind::Schema => "DROP SCHEMA",
            },
            Self::Insert(insert) if insert.overwrite => "INSERT OVERWRITE",
            Self::Insert(_) => "INSERT",
            Self::Change(change) => change.operation(),
            Self::Merge(_) => "MERGE",
            Self::Copy(_) => "COPY",
            Self::Analyze(_) => "ANALYZE",
            Self::Show(_) => "SHOW",
            Self::Describe(_) => "DESCRIBE",
            Self::Set { .. } => "SET",
            Self::Reset { .. } => "RESET",
            Self::Use(_) => "USE",
            Self::Kill(_) => "KILL QUERY",
        }
    }
}
