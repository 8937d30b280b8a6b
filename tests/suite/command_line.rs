//! `godwit sql`: scripts, and `--url` against a server with TLS.

use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

use crate::clients::binary;
use crate::secured::{CLIENT, Secured};

/// Returns the trials of the command line.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("clients::command_line::secured", run),
        Trial::test("clients::command_line::scripts", scripts),
    ]
}

/// Several statements in one text: run in their order up to one that fails, or not at all.
fn scripts() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let script = |text: &str| -> Result<(String, String), Failed> {
        let mut command = Command::new(binary()?);
        command.args(["sql", "--format", "csv", "-c", text, "--data-dir"]).arg(folder.path());
        let output = command.output()?;
        let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((told(&output.stdout), told(&output.stderr)))
    };
    let (rows, error) = script("USE public; SELECT E'a\\';b' AS x; -- the end")?;
    if !rows.lines().eq(["x", "a';b"]) {
        return Err(format!("the script answers {rows}{error}").into());
    }
    let failing = "CREATE TABLE t AS SELECT 1 AS n;\n  DROP TABLE nowhere; DROP TABLE t";
    for (text, words) in [
        ("CREATE SCHEMA s; DROP s", "line 1, column 23"),
        ("SELECT 1 FROM s.t", "schema \"s\" does not exist"),
        (failing, "statement 2 of 3"),
        (failing, "table \"public.t\" already exists"),
        (" ; -- nothing", "there is no SQL to run"),
    ] {
        let (_, error) = script(text)?;
        if !error.contains(words) {
            return Err(format!("{text} answers {error}").into());
        }
    }
    Ok(())
}

fn run() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let secured = Secured::start(folder.path())?;
    let grpc = secured.server.flight_url.clone();
    let web = grpc.replace("grpc+tls://", "https://");
    let named = grpc.replace("127.0.0.1", "localhost");
    let with_user = grpc.replace("://", "://root:root-token@");
    let files = [&secured.authority, &secured.certificate, &secured.key];
    let [authority, certificate, key] = files.map(|path| path.to_string_lossy().into_owned());
    let [ca, shown] = [["--ca", &authority], ["--certificate", &certificate]];
    let token = ["--token", "root-token"];
    for url in [&grpc, &web, &named] {
        expect(&sql(url, &[&ca[..], &token].concat())?, "root")?;
    }
    expect(&sql(&with_user, &ca)?, "root")?;
    expect(&sql(&grpc, &[&ca[..], &shown, &["--key", &key]].concat())?, CLIENT)?;
    expect(&sql(&grpc, &[&ca[..], &["--user", "root"]].concat())?, "root")?;
    for (url, arguments, word) in [
        (&grpc, &token[..], "name the authority of the server's certificate with --ca"),
        (&grpc, &ca, "credentials are missing"),
        (&grpc, &[&ca[..], &["--token", "wrong"]].concat(), "not valid"),
        (&grpc, &["--ca", &key], "the authority of the server cannot be used"),
        (&grpc, &["--ca", "no/such.pem"], "cannot read \"no/such.pem\""),
        (&grpc.replace("+tls", ""), &ca, "does not ask for TLS"),
    ] {
        let output = sql(url, arguments)?;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() || !error.contains(word) {
            return Err(format!("{arguments:?} answers {error}").into());
        }
    }
    Ok(())
}

fn sql(url: &str, arguments: &[&str]) -> Result<Output, Failed> {
    let statement = ["sql", "--format", "csv", "-c", "SELECT current_user AS name", "--url", url];
    let mut command = Command::new(binary()?);
    command.args(statement).args(arguments).env_remove("GODWIT_TOKEN");
    Ok(command.env("GODWIT_PASSWORD", "root-token").output()?)
}

fn expect(output: &Output, name: &str) -> Result<(), Failed> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.lines().eq(["name", name]) {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} was not let in: {text}{error}").into())
}
