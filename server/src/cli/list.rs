//! `godwit functions` and `godwit formats`.

use std::io::{self, Write as _};

use godwit_engine::{format_descriptions, function_catalogue};

use crate::cli::failure::Failure;

pub(super) fn functions() -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    let mut category = None;
    for function in function_catalogue() {
        let title = function.category.title();
        if category != Some(title) {
            let space = if category.is_some() { "\n" } else { "" };
            writeln!(output, "{space}{title}")?;
            category = Some(title);
        }
        writeln!(output, "  {:<28} {}", function.title, function.summary)?;
    }
    Ok(output.flush()?)
}

pub(super) fn formats() -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    for format in format_descriptions() {
        let direction = match (format.reads, format.writes) {
            (true, true) => "reads, writes",
            (true, false) => "reads",
            _ => "writes",
        };
        let extensions: Vec<String> =
            format.extensions.iter().map(|extension| format!(".{extension}")).collect();
        let extensions = extensions.join(" ");
        writeln!(
            output,
            "{:<12} {direction:<14} {extensions:<24} {}",
            format.name, format.summary
        )?;
    }
    Ok(output.flush()?)
}
