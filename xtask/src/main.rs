//! The project's own commands: `cargo xtask check | test | gen | tidy | bench | fuzz`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks there")]

mod bench;
mod fuzz;
mod generate;
mod run;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use run::{Failure, build, cargo};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs every gate: format, lints, tidy, generated files, tests.
    Check,
    /// Runs all tests, or the cases of the suite that match a pattern.
    Test {
        /// A part of a case's name, for example `slt::flight` or `st_area`.
        pattern: Option<String>,
    },
    /// Writes the generated files: default settings, API description, function reference.
    Gen {
        /// Only says whether the committed files are up to date.
        #[arg(long)]
        check: bool,
    },
    /// Checks the house rules that no lint knows.
    Tidy,
    /// Builds the release binary and runs it against its peers with a script of `benches/peers`.
    Bench {
        /// The name of the script, for example `read_geojson`.
        name: String,
    },
    /// Builds the fuzz targets and runs them, for a minute each.
    Fuzz {
        /// The name of one target, for example `overlay`.
        target: Option<String>,
        /// How long each runs.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check => check(),
        Command::Test { pattern } => test(pattern.as_deref()),
        Command::Gen { check } => generate::generate(check),
        Command::Tidy => tidy::tidy(),
        Command::Bench { name } => bench::bench(&name),
        Command::Fuzz { target, seconds } => fuzz::fuzz(target.as_deref(), seconds),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn check() -> Result<(), Failure> {
    cargo(&["fmt", "--all", "--check"])?;
    tidy::tidy()?;
    cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    generate::generate(true)?;
    test(None)
}

fn test(pattern: Option<&str>) -> Result<(), Failure> {
    // Client suites start the real binary.
    build()?;
    match pattern {
        Some(pattern) => {
            cargo(&["test", "--locked", "--workspace", "--test", "suite", "--", pattern])
        }
        None => cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]),
    }
}
