//! Running other programs from the root of the repository.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a command of ours stopped.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Returns the root folder of the repository: that of the checkout cargo runs in, which need not be
/// the one this program was built in.
pub(crate) fn root() -> PathBuf {
    let running = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let manifest = running.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    manifest.parent().unwrap_or(&manifest).to_path_buf()
}

/// Returns the folder that cargo builds in: the one this program was built in.
pub(crate) fn target_folder() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent);
    folder.map(PathBuf::from).ok_or_else(|| Failure("no target folder".to_owned()))
}

/// Runs cargo and fails when it fails.
pub(crate) fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    println!("$ cargo {}", arguments.join(" "));
    let mut command = Command::new("cargo");
    for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
        if is_of_this_package(&name) {
            command.env_remove(name);
        }
    }
    run(command.args(arguments))
}

/// Returns whether cargo set a variable for this program alone.
///
/// Build scripts that watch such a variable would run again, and everything above them be built
/// again, each time a build by `cargo xtask` follows one by hand.
fn is_of_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Runs a program in the root folder and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    if command.current_dir(root()).status()?.success() {
        return Ok(());
    }
    Err(Failure(format!("{} failed", command.get_program().to_string_lossy())))
}

/// Builds the `godwit` binary.
///
/// All members are selected, so that features resolve as they do for the tests and nothing is
/// built twice.
pub(crate) fn build() -> Result<(), Failure> {
    cargo(&["build", "--locked", "--workspace", "--bin", "godwit"])
}

/// Runs the `godwit` binary that was built beside this program and returns what it printed.
pub(crate) fn godwit(arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let binary = std::env::current_exe()?.with_file_name("godwit");
    let output = Command::new(binary).args(arguments).current_dir(root()).output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(Failure(format!("godwit {} failed: {message}", arguments.join(" "))))
}
