//! The Arrow Flight SQL JDBC driver against the real binary.
//!
//! The driver comes from Maven Central, once, into a folder outside of the repository. A machine
//! without Java or without the driver is told what was skipped; with `CI` set that fails.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use godwit_tests::repository;
use libtest_mimic::{Completion, Failed, Trial};

use crate::clients::{Server, skipped};
use crate::secured::Secured;

/// The versions of the driver that are tried: the newest that Maven Central has.
const VERSIONS: [&str; 1] = ["18.3.0"];

const CENTRAL: &str = "https://repo1.maven.org/maven2/org/apache/arrow/flight-sql-jdbc-driver";

/// Returns one trial for each version of the driver.
pub(crate) fn trials() -> Vec<Trial> {
    let trial = |version: &'static str| {
        Trial::ignorable_test(format!("clients::jdbc::{version}"), move || run(version))
    };
    let secured = |version: &'static str| {
        Trial::ignorable_test(format!("clients::jdbc::secured::{version}"), move || {
            run_secured(version)
        })
    };
    VERSIONS.into_iter().flat_map(|version| [trial(version), secured(version)]).collect()
}

fn run(version: &str) -> Result<Completion, Failed> {
    let driver = match java_and(version) {
        Ok(driver) => driver,
        Err(reason) => return skipped(&reason),
    };
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path())?;
    suite(&driver, "FlightSuite.java", &[server.flight_url.as_ref()])
}

/// Runs the suite of TLS, client certificates, tokens of an issuer and grants.
fn run_secured(version: &str) -> Result<Completion, Failed> {
    let driver = match java_and(version) {
        Ok(driver) => driver,
        Err(reason) => return skipped(&reason),
    };
    let folder = tempfile::tempdir()?;
    let secured = Secured::start(folder.path())?;
    let url = secured.server.flight_url.as_ref();
    let files =
        [&secured.authority, &secured.certificate, &secured.key].map(|path| path.as_os_str());
    let issuer = secured.issuer.as_ref();
    suite(&driver, "SecuritySuite.java", &[url, files[0], files[1], files[2], issuer])
}

/// Returns the driver, if there is a Java to run it.
fn java_and(version: &str) -> Result<PathBuf, String> {
    let probe = Command::new("java").arg("-version").stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        return Err("no java; install a JDK 17 or newer".to_owned());
    }
    driver(version)
}

fn suite(driver: &Path, name: &str, arguments: &[&OsStr]) -> Result<Completion, Failed> {
    let output = Command::new("java")
        // Arrow reads memory that Java hides.
        .arg("--add-opens=java.base/java.nio=ALL-UNNAMED")
        .arg("-cp")
        .arg(driver)
        .arg(repository().join("tests/clients/jdbc").join(name))
        .args(arguments)
        .output()?;
    if output.status.success() {
        return Ok(Completion::Completed);
    }
    let text = [output.stdout, output.stderr].concat();
    Err(String::from_utf8_lossy(&text).into_owned().into())
}

/// Returns the driver, which is fetched when it is not there yet.
fn driver(version: &str) -> Result<PathBuf, String> {
    let folder = cache().ok_or("no home folder; set GODWIT_CLIENT_CACHE")?;
    let name = format!("flight-sql-jdbc-driver-{version}.jar");
    let file = folder.join(&name);
    if file.is_file() {
        return Ok(file);
    }
    let url = format!("{CENTRAL}/{version}/{name}");
    let bytes = tokio::runtime::Runtime::new()
        .map_err(|error| error.to_string())?
        .block_on(fetch(&url))
        .map_err(|error| format!("{url} cannot be fetched: {error}"))?;
    keep(&folder, &file, &bytes).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(file)
}

async fn fetch(url: &str) -> Result<Vec<u8>, reqwest::Error> {
    let response = reqwest::get(url).await?.error_for_status()?;
    Ok(response.bytes().await?.to_vec())
}

/// Writes a file that is there whole or not at all.
fn keep(folder: &Path, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let partial = file.with_extension(format!("{}.part", std::process::id()));
    std::fs::write(&partial, bytes)?;
    std::fs::rename(partial, file)
}

/// Returns the folder of what is fetched for the suites.
fn cache() -> Option<PathBuf> {
    let named = std::env::var_os("GODWIT_CLIENT_CACHE").map(PathBuf::from);
    let cached = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    named.or_else(|| cached.or(home).map(|folder| folder.join("godwit-clients")))
}
