//! Where the fixtures are, and the names that SQL files use for them.

use std::path::{Path, PathBuf};

/// Returns the root folder of the repository: that of the checkout cargo runs in, which need not be
/// the one this program was built in.
#[must_use]
pub fn repository() -> PathBuf {
    let running = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let manifest = running.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    manifest.parent().unwrap_or(&manifest).to_path_buf()
}

/// Returns the SQL text with `{data}`, `{examples}` and `{scratch}` replaced by folders: the
/// fixtures of the tests, the data of the examples, and the temporary folder of this run.
#[must_use]
pub fn substitute(sql: &str, scratch: &Path) -> String {
    let root = repository();
    sql.replace("{data}", &root.join("tests/data").to_string_lossy())
        .replace("{examples}", &root.join("sql-examples/data").to_string_lossy())
        .replace("{scratch}", &scratch.to_string_lossy())
}
