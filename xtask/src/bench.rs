//! Runs against peers, in a Python environment of their own.

use std::path::PathBuf;
use std::process::Command;

use crate::run::{Failure, cargo, root, run};

/// Builds the release binary and what scripts time beside it, and runs the script of that name.
pub(crate) fn bench(name: &str) -> Result<(), Failure> {
    let peers = root().join("benches/peers");
    let script = peers.join(format!("{name}.py"));
    if !script.is_file() {
        return Err(Failure(format!(
            "{} is missing; see benches/peers/README.md",
            script.display()
        )));
    }
    let targets = ["--bin", "godwit", "--example", "time_functions"];
    cargo(&[&["build", "--release", "--locked", "--workspace"], &targets[..]].concat())?;
    let environment = target_folder()?.join("peers");
    let python = environment.join("bin/python");
    if !python.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let requirements = peers.join("requirements.txt");
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements))?;
    let binary = target_folder()?.join("release/godwit");
    run(Command::new(&python).arg(script).env("GODWIT_BINARY", binary))
}

/// Returns the folder that cargo builds in: the one this program was built in.
fn target_folder() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(std::path::Path::parent);
    folder.map(PathBuf::from).ok_or_else(|| Failure("no target folder".to_owned()))
}
