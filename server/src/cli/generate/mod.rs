//! `godwit generate`: the pages of `docs/reference` that are made from code.

mod functions;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use godwit_engine::{Code, format_descriptions};

use crate::cli::failure::Failure;
use crate::http::openapi_json;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    page: Page,
}

#[derive(Clone, Debug, Subcommand)]
enum Page {
    /// Print the description of the HTTP interface
    Openapi,
    /// Write the pages of the functions into a folder
    Functions { folder: PathBuf },
    /// Print the page of the formats
    Formats,
    /// Print the page of the error codes
    Errors,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = match &arguments.page {
        Page::Functions { folder } => return functions::write(folder),
        Page::Openapi => Ok(openapi_json()),
        Page::Formats => formats(),
        Page::Errors => errors(),
    };
    let text = text.map_err(|error| Failure::new(error.to_string()))?;
    Ok(io::stdout().write_all(text.as_bytes())?)
}

fn formats() -> Result<String, std::fmt::Error> {
    let mut page = "# Formats\n\nGenerated from the code of the formats.\n".to_owned();
    for format in format_descriptions() {
        let yes_or_no = |flag| if flag { "yes" } else { "no" };
        write!(page, "\n## {}\n\n{}\n\n", format.name, format.summary)?;
        writeln!(page, "- Files: {}", format.extensions.join(", "))?;
        writeln!(page, "- Media type: `{}`", format.media_type)?;
        writeln!(
            page,
            "- Reads: {}; writes: {}",
            yes_or_no(format.reads),
            yes_or_no(format.writes)
        )?;
        if !format.aliases.is_empty() {
            writeln!(page, "- Also called: {}", format.aliases.join(", "))?;
        }
        if format.options.is_empty() {
            continue;
        }
        page.push_str("\n| option | default | |\n|---|---|---|\n");
        for option in format.options {
            let default = if option.default.is_empty() {
                String::new()
            } else {
                format!("`{}`", cell(option.default))
            };
            writeln!(page, "| `{}` | {default} | {} |", option.name, cell(option.summary))?;
        }
    }
    Ok(page)
}

fn errors() -> Result<String, std::fmt::Error> {
    let mut page = "# Error codes\n\nGenerated from the table of codes. `code` and `sqlstate` are \
                    stable.\n\n| code | SQLSTATE | HTTP | may succeed later | meaning |\n\
                    |---|---|---|---|---|\n"
        .to_owned();
    for code in Code::all() {
        let name = code.name();
        let later = if code.is_retryable() { "yes" } else { "no" };
        writeln!(
            page,
            "| <a id=\"{name}\"></a>`{name}` | {} | {} | {later} | {} |",
            code.sqlstate(),
            code.http_status(),
            cell(code.meaning())
        )?;
    }
    Ok(page)
}

/// Returns a text that stays within one cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
