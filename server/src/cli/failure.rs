//! How a command fails: a message and a hint on the standard error, and an exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use godwit_config::ConfigError;

use crate::cli::INTERRUPTED;
use crate::flight::client::ClientError;
use crate::serve::ServeError;
use crate::telemetry::LogError;

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    detail: Option<String>,
    hint: Option<String>,
    exit_code: u8,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), detail: None, hint: None, exit_code: 1 }
    }

    pub(super) fn interrupted() -> Self {
        Self { exit_code: INTERRUPTED, ..Self::new("interrupted") }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the failure with more about it, if there is more.
    pub(super) fn with_detail(mut self, detail: Option<String>) -> Self {
        self.detail = detail.or(self.detail);
        self
    }

    /// Writes the failure where people look for it and returns the exit code.
    pub(super) fn report(self) -> ExitCode {
        let mut text = String::new();
        if !self.message.is_empty() {
            text = format!("error: {}\n", self.message);
        }
        for (label, part) in [("detail", self.detail), ("hint", self.hint)] {
            if let Some(part) = part {
                text.push_str(label);
                text.push_str(": ");
                text.push_str(&part);
                text.push('\n');
            }
        }
        // There is nowhere left to complain.
        let _unwritable = io::stderr().write_all(text.as_bytes());
        ExitCode::from(self.exit_code)
    }
}

impl From<godwit_engine::Error> for Failure {
    fn from(error: godwit_engine::Error) -> Self {
        let message = match error.position {
            Some(at) => format!("{} (line {}, column {})", error.message, at.line, at.column),
            None => error.message,
        };
        let message = format!("{message} [{}]", error.code.sqlstate());
        Self { message, detail: error.detail, hint: error.hint, exit_code: 1 }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Engine(error) => error.into(),
            other => Self::new(other.to_string()),
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        let is_stranger = text.contains("UnknownIssuer");
        let failure = Self::new(text);
        if is_stranger {
            return failure.with_hint("name the authority of the server's certificate with --ca");
        }
        failure
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // A reader that has seen enough, such as `head`, is no failure to talk about.
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit_code: 0, ..Self::new("") };
        }
        Self::new(format!("cannot write the output: {error}"))
    }
}
