//! The one error type that leaves the engine.

mod calls;
mod classify;
mod code;
mod message;
mod nearest;
mod query;
#[cfg(test)]
mod tests;
mod type_names;
mod words;

use std::error::Error as StdError;
use std::fmt;

use datafusion::common::DataFusionError;

pub use code::Code;
pub(crate) use nearest::nearest;

/// Where in the statement's text something is wrong; both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

impl Position {
    /// Returns where a place of a text is in one that holds it from `start` on.
    fn behind(self, start: Self) -> Self {
        let first = if self.line == 1 { start.column } else { 1 };
        Self {
            line: start.line + self.line.saturating_sub(1),
            column: first + self.column.saturating_sub(1),
        }
    }
}

/// Why a statement failed, in words a user can act on.
#[derive(Debug)]
#[expect(clippy::error_impl_error, reason = "the one error type of the crate's API")]
pub struct Error {
    /// Which kind of failure it is.
    pub code: Code,
    /// One lower-case clause that names the object.
    pub message: String,
    /// More about it, in full sentences.
    pub detail: Option<String>,
    /// What to type instead, in full sentences.
    pub hint: Option<String>,
    /// Where in the statement's text.
    pub position: Option<Position>,
    /// What caused it, for the log only.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Returns an error with a message and nothing else.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: None,
            hint: None,
            position: None,
            source: None,
        }
    }

    /// Returns an error about something Godwit does not do.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Code::Unsupported, message)
    }

    /// Returns the error as a client may see it: of a bug only that there was one.
    pub(crate) fn sealed(self, query_id: uuid::Uuid) -> Self {
        if self.code != Code::Internal {
            return self;
        }
        let message = format!("internal error; query id {query_id}");
        Self { message, detail: None, hint: None, position: None, ..self }
    }

    /// Returns a copy that forgets what caused it.
    pub(crate) fn without_source(&self) -> Self {
        Self {
            code: self.code,
            message: self.message.clone(),
            detail: self.detail.clone(),
            hint: self.hint.clone(),
            position: self.position,
            source: None,
        }
    }

    /// Returns the error with a hint that tells what to type.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the error with more about it.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Returns the error with its place in the statement's text.
    #[must_use]
    pub fn with_position(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Returns the error of a statement as one of the text in which the statement begins at
    /// `start`.
    #[must_use]
    pub(crate) fn moved(mut self, start: Position) -> Self {
        self.position = self.position.map(|position| position.behind(start));
        self
    }

    /// Returns the error with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Returns an error in the envelope that the query engine carries unopened.
pub(crate) fn external(error: impl Into<Box<dyn StdError + Send + Sync>>) -> DataFusionError {
    DataFusionError::External(error.into())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
