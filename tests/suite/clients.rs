//! Real clients against the real binary.
//!
//! A machine without a client's interpreter is told what was skipped; with `CI` set that fails.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use godwit_tests::repository;
use libtest_mimic::{Completion, Failed, Trial};

/// What a suite exits with when all that it could run has passed, but a program it needs is missing.
const LACKING: i32 = 77;

/// Returns one trial for each client suite.
pub(crate) fn trials() -> Vec<Trial> {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(repository().join("tests/clients/python"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    scripts.retain(|path| path.to_string_lossy().ends_with("_suite.py"));
    scripts.sort();
    let trial = |script: PathBuf| {
        let name = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::ignorable_test(format!("clients::python::{name}"), move || run(&script))
    };
    scripts.into_iter().map(trial).collect()
}

fn run(script: &Path) -> Result<Completion, Failed> {
    let Some(python) = python() else {
        return skipped("no Python with tests/clients/python/requirements.txt; set GODWIT_PYTHON");
    };
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path())?;
    let output = Command::new(python)
        .arg(script)
        .args([&server.flight_url, &server.http_url])
        .arg(folder.path())
        .env("GODWIT_BINARY", binary()?)
        .current_dir(repository())
        .output()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    match output.status.code() {
        Some(0) => Ok(Completion::Completed),
        Some(LACKING) => skipped(text.trim()),
        _ => Err(text.into()),
    }
}

/// Says why a client was not tried, which is a failure where all clients should be there.
pub(crate) fn skipped(reason: &str) -> Result<Completion, Failed> {
    if std::env::var_os("CI").is_some() {
        return Err(reason.into());
    }
    Ok(Completion::ignored_with(reason))
}

/// Returns an interpreter that has the client libraries.
pub(crate) fn python() -> Option<PathBuf> {
    let named = std::env::var_os("GODWIT_PYTHON").map(PathBuf::from);
    let candidates = named.into_iter().chain([PathBuf::from("python3")]);
    let has_clients = |python: &PathBuf| {
        let probe = "import adbc_driver_flightsql, pyarrow, deltalake, duckdb, moto, cryptography";
        let status = Command::new(python).args(["-c", probe]).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    candidates.into_iter().find(has_clients)
}

/// The binary as a user starts it.
pub(crate) struct Server {
    process: Child,
    pub(crate) flight_url: String,
    http_url: String,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Result<Self, Failed> {
        Self::start_with(folder, &["--demo"])
    }

    /// Starts the binary with further arguments.
    pub(crate) fn start_with(folder: &Path, arguments: &[&str]) -> Result<Self, Failed> {
        let mut process = Command::new(binary()?)
            .arg("serve")
            .arg("--data-dir")
            .arg(folder.join("data"))
            .args(["--flight-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"])
            .args(arguments)
            .env("GODWIT_STORAGE__ALLOWED_LOCATIONS", folder)
            .env("GODWIT_LIMITS__MEMORY_BYTES", "1GB")
            .current_dir(repository())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no standard output")?;
        let (mut flight_url, mut http_url) = (None, None);
        let mut lines = BufReader::new(stdout).lines();
        while flight_url.is_none() || http_url.is_none() {
            let line = lines.next().ok_or("the server stopped before it named its addresses")??;
            let word = |schemes: [&str; 2]| {
                let has = |word: &str, scheme: &str| {
                    let rest = word.strip_prefix(scheme);
                    rest.is_some_and(|rest| rest.starts_with("://127.0.0.1:"))
                };
                let is_url = |word: &&str| schemes.iter().any(|scheme| has(word, scheme));
                line.split_whitespace().find(is_url).map(str::to_owned)
            };
            flight_url = flight_url.or_else(|| word(["grpc", "grpc+tls"]));
            http_url = http_url.or_else(|| word(["http", "https"]));
        }
        // Keeps reading, so that the server never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let (Some(flight_url), Some(http_url)) = (flight_url, http_url) else {
            return Err("no addresses".into());
        };
        Ok(Self { process, flight_url, http_url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _killed = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// Returns the path of the binary beside the test's own.
pub(crate) fn binary() -> Result<PathBuf, Failed> {
    let suite = std::env::current_exe()?;
    let profile = suite.parent().and_then(Path::parent).ok_or("no target folder")?;
    let binary = profile.join("godwit");
    if binary.is_file() {
        return Ok(binary);
    }
    Err(format!("{} is missing; run cargo xtask test", binary.display()).into())
}
