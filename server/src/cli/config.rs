//! `godwit config`.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use godwit_config::{Config, Overrides, config_file_from_environment, default_toml};

use crate::cli::failure::Failure;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check the file and the environment
    Check(File),
    /// Print the settings in force, with secrets masked
    Print(File),
    /// Print every setting with its default and what it means
    Default,
}

#[derive(Debug, Args)]
struct File {
    /// Configuration file; by default the one that `GODWIT_CONFIG` names
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl File {
    fn load(&self) -> Result<Config, Failure> {
        let file = self.config.clone().or_else(config_file_from_environment);
        Ok(Config::load(file.as_deref(), &Overrides::default())?)
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = match &arguments.action {
        Action::Check(file) => {
            file.load()?;
            "the configuration is valid\n".to_owned()
        }
        Action::Print(file) => file.load()?.print_masked(),
        Action::Default => default_toml(),
    };
    Ok(io::stdout().write_all(text.as_bytes())?)
}
