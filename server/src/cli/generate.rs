//! `godwit generate`: the pages of `docs/reference` that are made from code.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::{Args, ValueEnum};
use godwit_engine::{Code, format_descriptions, function_catalogue};

use crate::cli::failure::Failure;
use crate::http::openapi_json;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    page: Page,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Page {
    Openapi,
    Functions,
    Formats,
    Errors,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = match arguments.page {
        Page::Openapi => Ok(openapi_json()),
        Page::Functions => functions(),
        Page::Formats => formats(),
        Page::Errors => errors(),
    };
    let text = text.map_err(|error| Failure::new(error.to_string()))?;
    Ok(io::stdout().write_all(text.as_bytes())?)
}

fn functions() -> Result<String, std::fmt::Error> {
    let mut page = "# Functions\n\nGenerated from the code of the functions.\n".to_owned();
    let mut category = None;
    for function in function_catalogue() {
        let title = function.category.title();
        if category != Some(title) {
            write!(page, "\n## {title}\n\n| function | returns | |\n|---|---|---|\n")?;
            category = Some(title);
        }
        let signatures: Vec<String> =
            function.signatures.iter().map(|signature| format!("`{}`", cell(signature))).collect();
        let mut text = cell(function.summary);
        if !function.notes.is_empty() {
            write!(text, " {}", cell(function.notes))?;
        }
        if !function.aliases.is_empty() {
            write!(text, " Also called {}.", function.aliases.join(", "))?;
        }
        writeln!(page, "| {} | {} | {text} |", signatures.join("<br>"), cell(&function.returns))?;
    }
    Ok(page)
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
