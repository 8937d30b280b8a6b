//! The files that are written from code: settings, API description, function reference.

use std::path::{Path, PathBuf};

use crate::run::{Failure, build, godwit, root};

/// Writes the generated files, or with `check` only compares them with the committed ones.
pub(crate) fn generate(check: bool) -> Result<(), Failure> {
    build()?;
    let mut stale = Vec::new();
    for (path, content) in outputs()? {
        let file = root().join(&path);
        if std::fs::read(&file).is_ok_and(|committed| committed == content) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
            continue;
        }
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, content)?;
        println!("wrote {}", path.display());
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure(format!("run `cargo xtask gen`, these are out of date: {}", stale.join(", "))))
}

/// Returns each generated file with its content.
fn outputs() -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let commands: &[(&str, &[&str])] = &[
        ("config/default.toml", &["config", "default"]),
        ("docs/reference/openapi.json", &["generate", "openapi"]),
        ("docs/reference/formats.md", &["generate", "formats"]),
        ("docs/reference/errors.md", &["generate", "errors"]),
    ];
    let mut outputs = Vec::new();
    for (path, arguments) in commands {
        outputs.push((Path::new(path).to_path_buf(), godwit(arguments)?));
    }
    outputs.extend(function_pages()?);
    Ok(outputs)
}

/// Returns the pages of the function reference.
fn function_pages() -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let folder = std::env::temp_dir().join(format!("godwit-functions-{}", std::process::id()));
    godwit(&["generate", "functions", &folder.display().to_string()])?;
    let mut pages = Vec::new();
    for page in std::fs::read_dir(&folder)? {
        let page = page?;
        let path = Path::new("docs/reference/functions").join(page.file_name());
        pages.push((path, std::fs::read(page.path())?));
    }
    std::fs::remove_dir_all(&folder)?;
    pages.sort();
    Ok(pages)
}
