//! The function reference: a page a category, and an index of all.

use std::fmt::Write as _;
use std::path::Path;

use godwit_engine::{FunctionInfo, function_catalogue, reference_page};

use super::cell;
use crate::cli::failure::Failure;

/// Writes the pages into a folder.
pub(super) fn write(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let functions = function_catalogue();
    let index = index(functions).map_err(|error| Failure::new(error.to_string()))?;
    std::fs::write(folder.join("README.md"), index)?;
    for chapter in chapters(functions) {
        let Some(first) = chapter.first() else { continue };
        let mut page = format!("# {}\n\n[All functions](README.md)\n", first.category.title());
        for function in chapter {
            let _ = write!(page, "\n{}", lowered(&reference_page(function)));
        }
        std::fs::write(folder.join(format!("{}.md", first.category.name())), page)?;
    }
    Ok(())
}

/// Returns the functions by category, in the order of the catalogue.
fn chapters(functions: &[FunctionInfo]) -> impl Iterator<Item = &[FunctionInfo]> {
    functions.chunk_by(|a, b| a.category == b.category)
}

fn index(functions: &[FunctionInfo]) -> Result<String, std::fmt::Error> {
    let mut page = format!(
        "# Functions\n\nThe {} functions by category, generated from their code. The last column \
         says how a function compares with the PostGIS function of its name; its page says in what \
         it differs. `SHOW FUNCTIONS`, `system.functions` and `godwit functions` list the same.\n",
        functions.len()
    );
    for chapter in chapters(functions) {
        let Some(first) = chapter.first() else { continue };
        write!(
            page,
            "\n## [{}]({}.md)\n\n| function | returns | | PostGIS |\n|---|---|---|---|\n",
            first.category.title(),
            first.category.name()
        )?;
        for function in chapter {
            let others = match function.aliases {
                [] => String::new(),
                aliases => format!(" Also called {}.", aliases.join(", ")),
            };
            writeln!(
                page,
                "| [`{}`]({}.md#{}) | {} | {}{others} | {} |",
                function.title,
                function.category.name(),
                function.name,
                cell(&function.returns),
                cell(function.summary),
                function.parity.name()
            )?;
        }
    }
    Ok(page)
}

/// Returns a page as a part of another: every heading one level lower.
fn lowered(page: &str) -> String {
    let mut lowered = String::with_capacity(page.len() + 16);
    for line in page.lines() {
        if line.starts_with('#') {
            lowered.push('#');
        }
        lowered.push_str(line);
        lowered.push('\n');
    }
    lowered
}
