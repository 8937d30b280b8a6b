//! The command line.

mod config;
mod convert;
mod failure;
mod generate;
mod heap;
mod list;
mod serve;
mod sql;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::failure::Failure;

/// Exit code of a command that Ctrl-C ended, as shells report it.
const INTERRUPTED: u8 = 130;
/// Plans are walked recursively, and SQL can be nested.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Godwit, a SQL-first geospatial query server.
#[derive(Debug, Parser)]
#[command(name = "godwit", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve SQL over Flight SQL and HTTP
    Serve(serve::Arguments),
    /// Run SQL here, or on a server with --url
    Sql(sql::Arguments),
    /// Convert a file from one format to another
    Convert(convert::Arguments),
    /// Check or print the configuration
    Config(config::Arguments),
    /// List the spatial SQL functions
    Functions,
    /// List the file formats
    Formats,
    /// Print a generated page of the documentation
    #[command(hide = true)]
    Generate(generate::Arguments),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(arguments) => {
            heap::keep_freed_memory();
            block_on(serve::run(arguments))
        }
        Command::Sql(arguments) => block_on(interruptible(sql::run(arguments))),
        Command::Convert(arguments) => block_on(interruptible(convert::run(arguments))),
        Command::Config(arguments) => config::run(&arguments),
        Command::Functions => list::functions(),
        Command::Formats => list::formats(),
        Command::Generate(arguments) => generate::run(&arguments),
    }
}

fn block_on(task: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .map_err(|error| Failure::new(format!("cannot start the runtime: {error}")))?;
    let outcome = runtime.block_on(Box::pin(task));
    // Whatever still runs has nobody to answer to.
    runtime.shutdown_background();
    outcome
}

/// Runs a task until Ctrl-C drops it, which cancels its queries.
async fn interruptible(task: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let mut task = Box::pin(task);
    tokio::select! {
        outcome = &mut task => outcome,
        () = crate::serve::wait_for_signal() => Err(Failure::interrupted()),
    }
}
