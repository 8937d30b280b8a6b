//! Every `.slt` file through every door.

use std::path::{Path, PathBuf};

use godwit_tests::{Database, Door, repository};
use libtest_mimic::{Failed, Trial};
use sqllogictest::Runner;

/// Returns one trial for each file and door.
pub(crate) fn trials() -> Vec<Trial> {
    let folder = repository().join("tests/slt");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let update = std::env::var_os("UPDATE").is_some();
    let doors: &[Door] = if update { &[Door::InProcess] } else { &Door::ALL };
    let mut trials = Vec::new();
    for &door in doors {
        for file in &files {
            let short = file.strip_prefix(&folder).unwrap_or(file);
            let name = format!("slt::{}::{}", door.label(), short.display());
            let file = file.clone();
            trials.push(Trial::test(name, move || run(&file, door, update)));
        }
    }
    trials
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "slt") {
            files.push(path);
        }
    }
}

fn run(file: &Path, door: Door, update: bool) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(8 * 1024 * 1024)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut runner = Runner::new(|| async move { Database::start(door).await });
        runner.add_label(door.label());
        let result = if update {
            runner
                .update_test_file(
                    file,
                    "\t",
                    sqllogictest::default_validator,
                    sqllogictest::default_normalizer,
                    sqllogictest::default_column_validator,
                )
                .await
                .map_err(|error| Failed::from(error.to_string()))
        } else {
            runner
                .run_file_async(file)
                .await
                .map_err(|error| Failed::from(error.display(false).to_string()))
        };
        runner.shutdown_async().await;
        result
    })
}
