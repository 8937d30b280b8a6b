//! Runs against peers, in a Python environment of their own.

use std::process::Command;

use crate::run::{Failure, cargo, root, run, target_folder};

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
