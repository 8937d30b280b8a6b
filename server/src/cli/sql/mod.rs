//! `godwit sql`: statements from the command line, a file or the standard input, run by an engine
//! in this process or by a server.

mod access;
mod destination;
pub(super) mod progress;
mod runner;
mod table;

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use godwit_config::{Config, Overrides, Telemetry, config_file_from_environment};
use godwit_engine::encode::Encoding;
use godwit_engine::split_statements;

use crate::cli::failure::Failure;
use crate::telemetry::start_logs;

use self::access::Access;
use self::destination::Destination;
use self::runner::Runner;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File with statements; the standard input when absent
    #[arg(value_name = "FILE", conflicts_with = "command")]
    file: Option<PathBuf>,
    /// Statements to run
    #[arg(short, long, value_name = "SQL")]
    command: Option<String>,
    /// Server to run them on, such as `grpc://localhost:50051`, or `grpc+tls://` for TLS
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    access: Access,
    /// table, csv, tsv, json, ndjson, arrow, `arrow_file`, parquet, geojson, geojsonseq, flatgeobuf
    /// or geopackage
    #[arg(long, default_value = "table")]
    format: String,
    /// File to write the result to
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Directory of the metadata and the tables [default: ./godwit-data]
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "url")]
    data_dir: Option<String>,
    /// Configuration file; by default the one that `GODWIT_CONFIG` names
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    config: Option<PathBuf>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let encoding = encoding(&arguments)?;
    let text = text(&arguments)?;
    // Some editors begin a file with a mark.
    let statements = split_statements(text.strip_prefix('\u{feff}').unwrap_or(&text))?;
    if statements.is_empty() {
        return Err(Failure::new("there is no SQL to run")
            .with_hint("give it with -c, in a file, or on the standard input"));
    }
    let mut runner = Box::pin(runner(&arguments)).await?;
    let mut destination = Destination::new(encoding, arguments.output);
    for statement in statements {
        Box::pin(runner.run(&statement, &mut destination)).await?;
    }
    destination.close()?;
    Box::pin(runner.stop()).await;
    Ok(())
}

fn encoding(arguments: &Arguments) -> Result<Encoding, Failure> {
    let name = &arguments.format;
    let encoding = Encoding::from_name(name).ok_or_else(|| {
        Failure::new(format!("there is no format \"{name}\"")).with_hint(
            "the formats are table, csv, tsv, json, ndjson, arrow, arrow_file, parquet, geojson, \
             geojsonseq, flatgeobuf and geopackage",
        )
    })?;
    let is_binary = matches!(
        encoding,
        Encoding::Arrow
            | Encoding::ArrowFile
            | Encoding::Parquet
            | Encoding::FlatGeobuf
            | Encoding::GeoPackage
    );
    if is_binary && arguments.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Failure::new(format!("format \"{name}\" would garble the terminal"))
            .with_hint("name a file with --output, or redirect the output"));
    }
    Ok(encoding)
}

fn text(arguments: &Arguments) -> Result<String, Failure> {
    if let Some(command) = &arguments.command {
        return Ok(command.clone());
    }
    if let Some(path) = arguments.file.as_deref().filter(|path| *path != Path::new("-")) {
        return std::fs::read_to_string(path).map_err(|error| {
            let failure = Failure::new(format!("cannot read \"{}\": {error}", path.display()));
            let is_sql = path.to_string_lossy().contains(char::is_whitespace);
            if is_sql { failure.with_hint("to run it as SQL, put -c before it") } else { failure }
        });
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(format!("cannot read the standard input: {error}")))?;
    Ok(text)
}

/// Starts logging without the life cycle of an engine that nobody else sees.
pub(super) fn start_quiet_logs(config: &Config) -> Result<(), Failure> {
    let mut telemetry = config.telemetry.clone();
    if telemetry == Telemetry::default() {
        "warn".clone_into(&mut telemetry.log_filter);
    }
    Ok(start_logs(&telemetry)?)
}

async fn runner(arguments: &Arguments) -> Result<Runner, Failure> {
    if let Some(url) = &arguments.url {
        return Runner::connect(url, &arguments.access).await;
    }
    let flags = Overrides::default().with_option("storage.data_dir", arguments.data_dir.clone());
    let file = arguments.config.clone().or_else(config_file_from_environment);
    let config = Config::load(file.as_deref(), &flags)?;
    start_quiet_logs(&config)?;
    Runner::embedded(&config).await
}
