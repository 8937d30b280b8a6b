//! The walk-throughs of `sql-examples/`, run over HTTP as their readers run them.

use std::path::{Path, PathBuf};

use godwit_config::Config;
use godwit_server::serve::Running;
use godwit_tests::repository;
use libtest_mimic::{Failed, Trial};

/// Returns one trial for each script.
pub(crate) fn trials() -> Vec<Trial> {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(repository().join("sql-examples"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    scripts.sort();
    let trial = |script: PathBuf| {
        let name = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("examples::{name}"), move || run(&script))
    };
    scripts.into_iter().map(trial).collect()
}

fn run(script: &Path) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(8 * 1024 * 1024)
        .enable_all()
        .build()?;
    let answer = runtime.block_on(play(script))?;
    let file = script.with_extension("out");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, answer)?;
        return Ok(());
    }
    let expected = std::fs::read_to_string(&file)?;
    if expected == answer {
        return Ok(());
    }
    Err(format!("the answer differs from {}; it was:\n{answer}", file.display()).into())
}

/// Runs the statements one after the other and returns what each answered.
async fn play(script: &Path) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    let exports = folder.path().join("exports");
    let mut config = Config::default();
    config.storage.data_dir = folder.path().join("godwit-data");
    config.storage.allowed_locations =
        vec!["sql-examples/data".to_owned(), exports.to_string_lossy().into_owned()];
    config.listen.flight_addr = "127.0.0.1:0".parse()?;
    config.listen.http_addr = "127.0.0.1:0".parse()?;
    let server = Running::start(config).await?;
    let url = format!("http://{}/v1/sql?format=csv", server.http_addr());
    let client = reqwest::Client::new();
    let text = std::fs::read_to_string(script)?;
    // Readers export into a folder beside them, the test into its own.
    let text = text.replace("'exports/", &format!("'{}/", exports.display()));
    let mut answers = String::new();
    for statement in statements(&text) {
        let response = client.post(&url).body(statement.clone()).send().await?;
        let is_success = response.status().is_success();
        let body = response.text().await?;
        if !is_success {
            return Err(format!("{statement}\nanswered {body}").into());
        }
        answers.push_str(&body);
        answers.push('\n');
    }
    server.stop().await;
    Ok(answers)
}

/// Splits a script at the semicolons that end a line.
fn statements(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("--")) {
        current.push_str(line);
        current.push('\n');
        if line.trim_end().ends_with(';') {
            statements.push(std::mem::take(&mut current));
        }
    }
    if !current.trim().is_empty() {
        statements.push(current);
    }
    statements
}
