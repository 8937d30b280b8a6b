//! The house rules that no lint knows.

use std::path::{Path, PathBuf};

use crate::run::{Failure, root};

const MAX_LINES: usize = 500;
const MAX_FIXTURE_BYTES: u64 = 512 * 1024;
const BANNED_NAMES: &[&str] = &["utils", "helpers", "common", "misc", "manager"];
const TEXT_SUFFIXES: &[&str] = &["rs", "toml", "md", "sql", "slt", "py", "yml", "yaml"];

/// Checks every file of the repository and prints what is wrong.
pub(crate) fn tidy() -> Result<(), Failure> {
    let root = root();
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    let mut problems = Vec::new();
    for file in &files {
        let short = file.strip_prefix(&root).unwrap_or(file);
        check_file(file, short, &mut problems)?;
    }
    check_functions(&root, &mut problems)?;
    if problems.is_empty() {
        println!("tidy: {} files", files.len());
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(Failure(format!("tidy found {} problems", problems.len())))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_output = name == "target" || name == "godwit-data" || name == "__pycache__";
        if name == ".git" || is_output {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn check_file(file: &Path, short: &Path, problems: &mut Vec<String>) -> Result<(), Failure> {
    let shown = short.display();
    let suffix = file.extension().unwrap_or_default().to_string_lossy().into_owned();
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let is_lock = short.file_name().is_some_and(|name| name == "Cargo.lock");
    if file.metadata()?.len() > MAX_FIXTURE_BYTES && !is_lock {
        problems.push(format!("{shown}: larger than {MAX_FIXTURE_BYTES} bytes"));
    }
    if suffix == "rs" && BANNED_NAMES.contains(&stem.as_str()) {
        problems.push(format!("{shown}: {stem:?} does not name an idea"));
    }
    let is_example = suffix == "sql" && short.starts_with("sql-examples");
    if is_example && !file.with_extension("out").is_file() {
        problems.push(format!(
            "{shown}: has no expected output; run UPDATE=1 cargo xtask test examples"
        ));
    }
    if !TEXT_SUFFIXES.contains(&suffix.as_str()) {
        return Ok(());
    }
    let text = std::fs::read_to_string(file)?;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.ends_with([' ', '\t']) && suffix != "slt" {
            problems.push(format!("{shown}:{number}: trailing space"));
        }
        if suffix == "rs" && line.contains(concat!("TO", "DO")) && !line.contains('#') {
            problems.push(format!("{shown}:{number}: open end without an issue number"));
        }
        if matches!(suffix.as_str(), "rs" | "toml" | "md") && line.chars().any(is_typographic) {
            problems.push(format!("{shown}:{number}: typographic punctuation"));
        }
    }
    if suffix == "rs" {
        check_rust(&text, short, problems);
    }
    if suffix == "toml" && file.file_name().is_some_and(|name| name == "Cargo.toml") {
        check_manifest(&text, short, problems);
    }
    Ok(())
}

/// Curly quotes, long dashes and the like.
fn is_typographic(character: char) -> bool {
    matches!(u32::from(character), 0x2010..=0x2027 | 0x00a0)
}

fn check_rust(text: &str, short: &Path, problems: &mut Vec<String>) {
    let shown = short.display();
    if !text.starts_with("//!") {
        problems.push(format!("{shown}: the first line does not say what the file is for (//!)"));
    }
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
    if lines > MAX_LINES {
        problems.push(format!("{shown}: {lines} lines, more than {MAX_LINES}"));
    }
}

/// A member takes every version and feature from the workspace.
///
/// The fuzz targets are no member: they are built with other flags, and what they depend on
/// beside our own crates is in no other build.
fn check_manifest(text: &str, short: &Path, problems: &mut Vec<String>) {
    if short == Path::new("Cargo.toml") || short.starts_with("fuzz") {
        return;
    }
    let mut in_dependencies = false;
    for line in text.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
        } else if in_dependencies && line.contains('=') && !line.contains(".workspace = true") {
            problems.push(format!("{}: {line:?} states a version or feature", short.display()));
        }
    }
}

/// Every function file has its cases, and they speak of NULL, EMPTY and an error.
fn check_functions(root: &Path, problems: &mut Vec<String>) -> Result<(), Failure> {
    let functions = root.join("udfs/src/functions");
    let mut files = Vec::new();
    if functions.is_dir() {
        collect(&functions, &mut files)?;
    }
    let names = files.iter().filter_map(|file| Some((file, file.file_stem()?.to_str()?)));
    for (file, stem) in names.filter(|(_, stem)| stem.starts_with("st_") || stem.starts_with("h3_"))
    {
        let category = file.parent().and_then(Path::file_name).unwrap_or_default();
        let cases = root.join("tests/slt/functions").join(category).join(format!("{stem}.slt"));
        let Ok(text) = std::fs::read_to_string(&cases) else {
            problems.push(format!("{stem}: has no tests/slt/functions/*/{stem}.slt"));
            continue;
        };
        for marker in ["# example:", "NULL", "statement error"] {
            if !text.contains(marker) {
                problems.push(format!("{stem}.slt: has no {marker:?} case"));
            }
        }
    }
    Ok(())
}
