//! Runs the fuzz targets of `fuzz/`.

use std::path::Path;
use std::process::Command;

use crate::run::{Failure, root, run, target_folder};

/// What makes the compiler of the stable channel count which edges of the code are taken.
const COVERAGE: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg",
    "fuzzing",
];
/// Seconds that one input may take: what is quadratic shows.
const INPUT_SECONDS: u32 = 5;
const LONGEST_INPUT: u32 = 2048;

/// Builds the fuzz targets and runs one or all of them for some seconds each.
///
/// What they learn is kept in the target folder; an input that fails is left there, its path is
/// printed, and the next run begins with it.
pub(crate) fn fuzz(chosen: Option<&str>, seconds: u32) -> Result<(), Failure> {
    let folder = target_folder()?.join("fuzz");
    let host = host()?;
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"]);
    // With a target named, build scripts are not instrumented.
    build.args(["--target", &host]).arg("--target-dir").arg(&folder);
    run(build.env("RUSTFLAGS", COVERAGE.join(" ")))?;
    let seeds = root().join("fuzz/seeds");
    let mut count = 0;
    for entry in std::fs::read_dir(&seeds)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if chosen.is_none_or(|chosen| chosen == name) {
            count += 1;
            run_target(&folder, &host, &name, seconds)?;
        }
    }
    if count == 0 {
        return Err(Failure(format!("{} has none of that name", seeds.display())));
    }
    Ok(())
}

fn run_target(folder: &Path, host: &str, name: &str, seconds: u32) -> Result<(), Failure> {
    let (corpus, found) = (folder.join("corpus").join(name), folder.join("found").join(name));
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&found)?;
    println!("fuzz: {name}");
    let mut target = Command::new(folder.join(host).join("release").join(name));
    target.arg(format!("-max_total_time={seconds}"));
    target.arg(format!("-timeout={INPUT_SECONDS}"));
    target.arg(format!("-max_len={LONGEST_INPUT}"));
    target.arg(format!("-artifact_prefix={}/", found.display()));
    run(target.args([corpus, found, root().join("fuzz/seeds").join(name)]))
}

/// Returns the name of the platform that the compiler runs on.
fn host() -> Result<String, Failure> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure("rustc does not say its host".to_owned()))
}
