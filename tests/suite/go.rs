//! The Go ADBC driver against the real binary.
//!
//! A machine without Go or without the driver's modules is told what was skipped; with `CI` set
//! that fails.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use godwit_tests::repository;
use libtest_mimic::{Completion, Failed, Trial};

use crate::clients::{Server, skipped};
use crate::secured::Secured;

/// Returns the trial of the Go client.
pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::ignorable_test("clients::go::adbc", run)]
}

fn run() -> Result<Completion, Failed> {
    let probe = Command::new("go").arg("version").stdout(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        return skipped("no go; install Go 1.25 or newer");
    }
    if !go(&["mod", "download"])?.status.success() {
        return skipped("the modules of tests/clients/go cannot be fetched");
    }
    let folder = tempfile::tempdir()?;
    let client = folder.path().join("client");
    check(&go(&["build", "-buildvcs=false", "-o", &client.to_string_lossy(), "."])?)?;
    let server = Server::start(folder.path())?;
    check(&Command::new(&client).arg(&server.flight_url).output()?)?;
    drop(server);
    let secured = Secured::start(folder.path())?;
    let files = [&secured.authority, &secured.certificate, &secured.key];
    check(&Command::new(&client).arg(&secured.server.flight_url).args(files).output()?)?;
    Ok(Completion::Completed)
}

fn go(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new("go").args(arguments).current_dir(folder()).output()
}

fn folder() -> impl AsRef<Path> {
    repository().join("tests/clients/go")
}

fn check(output: &Output) -> Result<(), Failed> {
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    Err(String::from_utf8_lossy(&text).into_owned().into())
}
