//! Where and for whom a statement looks up names.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::execution::TaskContext;
use datafusion::execution::session_state::SessionState;
use godwit_catalog::{Access, Catalog, TableName};

use super::sources::Sources;
use crate::engine::Shared;
use crate::queries::Interrupt;
use crate::rights::Rights;
use crate::temporary::{Temporary, is_temporary};

/// Where and for whom names are looked up.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) engine: Arc<Shared>,
    /// The settings of the statement; it knows next to no functions, `engine.base` does.
    pub(crate) state: Arc<SessionState>,
    /// The state of the session that the statement's was made from.
    pub(crate) origin: Arc<SessionState>,
    /// The schema of unqualified names.
    pub(crate) schema: String,
    /// Which locations may be named.
    pub(crate) access: Access,
    /// Which tables there are, and what may be done with them.
    pub(crate) rights: Rights,
    /// The principal's own rights where `rights` are those of the maker of a view.
    pub(crate) reader: Option<Rights>,
    /// The views being opened, outermost first.
    pub(crate) views: Vec<TableName>,
    /// What the text of the innermost view may name, where that is known.
    pub(crate) reads: Option<Arc<[TableName]>>,
    /// What ends the statement inside long computations.
    pub(crate) interrupt: Interrupt,
    /// The view whose text is being checked.
    pub(crate) creating: Option<TableName>,
    /// The tables and views of the session; none where there is no session to hold them, and in
    /// the text of a view that outlives it.
    pub(crate) temporary: Option<Arc<Temporary>>,
    /// Where the names that are resolved are noted, if somebody wants to know.
    pub(crate) sources: Option<Arc<Sources>>,
}

impl Scope {
    /// Returns the catalog's name of a table whose schema a user named.
    ///
    /// `temp` means the schema of the session, or one that somebody made before it had a meaning.
    pub(crate) fn named(&self, schema: &str, table: &str) -> TableName {
        let own = self.temporary.as_ref().and_then(|temporary| temporary.schema());
        match own {
            Some(own) if is_temporary(schema) => TableName::new(own, table),
            // The schema of another session is nobody's business.
            _ if Catalog::is_temporary_schema(schema) => TableName::new("", table),
            _ => TableName::new(schema, table),
        }
    }

    /// Returns whether a name of the catalog belongs to the session.
    pub(crate) fn is_temporary(&self, name: &TableName) -> bool {
        self.temporary.as_ref().and_then(|temporary| temporary.schema()) == Some(&name.schema)
    }

    /// Notes that a table or view was opened, or a location, whose schema has no name.
    pub(super) fn note_opened(&self, name: TableName) {
        if let Some(sources) = &self.sources {
            sources.note_opened(name, self.views.is_empty());
        }
    }

    /// Notes that something was opened that has no name in the catalog.
    pub(super) fn note_file(&self) {
        if let Some(sources) = &self.sources {
            sources.note_file();
        }
    }

    /// Returns the scope of what outlives the session.
    pub(crate) fn without_temporary(&self) -> Self {
        Self { temporary: None, ..self.clone() }
    }

    /// Returns what operators need to run.
    ///
    /// Plans hold their functions; the tables of all functions, which the engine below would copy,
    /// are needed by plans that come in serialised alone.
    pub(crate) fn task_context(&self) -> Arc<TaskContext> {
        Arc::new(TaskContext::new(
            None,
            self.state.session_id().to_owned(),
            self.state.config().clone(),
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            Arc::clone(self.state.runtime_env()),
        ))
    }
}
