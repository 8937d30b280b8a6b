//! A table as the protocols show it.

use arrow::datatypes::SchemaRef;

/// Which tables to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableFilter {
    /// The exact catalog; all when absent or `%`.
    pub catalog: Option<String>,
    /// A `LIKE` pattern for the schema, with `\` as escape; all when absent.
    pub schema_pattern: Option<String>,
    /// A `LIKE` pattern for the table, with `\` as escape; all when absent.
    pub table_pattern: Option<String>,
    /// The names of the kinds to list, as `TABLE`; all when empty.
    pub types: Vec<String>,
    /// Whether to find out the columns too.
    pub with_schema: bool,
}

/// A table as the protocols show it.
#[derive(Debug, Clone, PartialEq)]
pub struct TableInfo {
    /// The catalog.
    pub catalog: String,
    /// The schema.
    pub schema: String,
    /// The table.
    pub name: String,
    /// What kind of table it is.
    pub kind: TableKind,
    /// The columns, when they were asked for and the table can be read.
    pub arrow_schema: Option<SchemaRef>,
    /// The user's comment.
    pub comment: Option<String>,
    /// Where the rows are.
    pub location: Option<String>,
    /// The format of the files.
    pub format: Option<String>,
    /// The newest version of a versioned table.
    pub version: Option<i64>,
    /// The text of a view.
    pub definition: Option<String>,
    /// Why the table cannot be read at the moment.
    pub error: Option<String>,
}

/// What kind of table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Rows in files.
    Table,
    /// A stored query.
    View,
    /// Made by the engine.
    System,
    /// Private to a session.
    Temporary,
}

impl TableKind {
    /// Returns the name Flight SQL clients look for.
    pub fn flight_name(self) -> &'static str {
        match self {
            Self::Table => "TABLE",
            Self::View => "VIEW",
            Self::System => "SYSTEM TABLE",
            Self::Temporary => "LOCAL TEMPORARY",
        }
    }

    /// Returns the name the SQL standard gives in `information_schema.tables`.
    pub fn standard_name(self) -> &'static str {
        match self {
            Self::Table => "BASE TABLE",
            Self::View => "VIEW",
            Self::System => "SYSTEM TABLE",
            Self::Temporary => "LOCAL TEMPORARY",
        }
    }

    /// Returns the names of the kinds that users make.
    pub(crate) fn of_users() -> Vec<String> {
        let kinds = [Self::Table, Self::View, Self::Temporary];
        kinds.map(|kind| kind.flight_name().to_owned()).into()
    }

    /// Returns whether a list of type names asks for this kind; an empty list asks for all.
    pub(super) fn is_asked_for(self, types: &[String]) -> bool {
        types.is_empty()
            || types.iter().any(|name| {
                name.eq_ignore_ascii_case(self.flight_name())
                    || name.eq_ignore_ascii_case(self.standard_name())
            })
    }
}
