//! `godwit convert`: a file in one format to a file in another.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use godwit_config::{Config, Overrides, config_file_from_environment};
use godwit_engine::{Engine, Outcome, Principal, Session, SessionOptions};

use crate::cli::failure::Failure;
use crate::cli::sql::progress::{Progress, note};
use crate::cli::sql::start_quiet_logs;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to read: a file, glob, directory or URL
    input: String,
    /// What to write; the suffix tells the format
    output: String,
    /// A query over the table `input`, in place of all its rows
    #[arg(long, value_name = "QUERY")]
    sql: Option<String>,
    /// Configuration file; by default the one that `GODWIT_CONFIG` names
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let started = Instant::now();
    // The metadata of one conversion is nobody else's business.
    let scratch = tempfile::tempdir()?;
    let session = Box::pin(session(&arguments, scratch.path())).await?;
    let statement = statement(&arguments);
    if arguments.sql.is_some() {
        let input = format!("CREATE VIEW input AS SELECT * FROM {}", quoted(&arguments.input));
        Box::pin(session.execute(&input, Vec::new())).await?;
    }
    let mut progress = Progress::new();
    let execution = progress.wait_for(Box::pin(session.execute(&statement, Vec::new()))).await?;
    progress.clear();
    let rows = match execution.outcome {
        Outcome::Done(completion) => completion.rows_affected.unwrap_or(0),
        Outcome::Rows(_) => 0,
    };
    let seconds = started.elapsed().as_secs_f64();
    note(&format!("{}: {rows} rows in {seconds:.1} s", arguments.output));
    Ok(())
}

async fn session(arguments: &Arguments, data_dir: &Path) -> Result<Session, Failure> {
    let flags = Overrides::default().with("storage.data_dir", data_dir.to_string_lossy());
    let file = arguments.config.clone().or_else(config_file_from_environment);
    let config = Config::load(file.as_deref(), &flags)?;
    start_quiet_logs(&config)?;
    let engine = Box::pin(Engine::start(&config)).await?;
    Ok(engine.session(Principal::local("convert"), SessionOptions::default()))
}

fn statement(arguments: &Arguments) -> String {
    let output = quoted(&arguments.output);
    match &arguments.sql {
        Some(query) => {
            // A line break, because the query may end in a comment.
            let query = query.trim().trim_end_matches(';');
            format!("COPY ({query}\n) TO {output}")
        }
        None => format!("COPY (SELECT * FROM {}) TO {output}", quoted(&arguments.input)),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
