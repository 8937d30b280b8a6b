//! What people read about a function: the catalogue's data and the reference page made of it.

use std::fmt::Write as _;

use datafusion::logical_expr::{DocSection, Documentation};

use crate::aggregate::Aggregate;
use crate::function::{Argument, Category, Function, Parity};
use crate::overload::describe;

/// Everything there is to read about a function.
#[derive(Debug, Clone)]
pub struct FunctionInfo {
    /// The name SQL finds the function by, in lower case.
    pub name: String,
    /// The name as documentation spells it.
    pub title: &'static str,
    /// Other names, as documentation spells them.
    pub aliases: &'static [&'static str],
    /// The group the function belongs to.
    pub category: Category,
    /// One sentence that says what the function returns.
    pub summary: &'static str,
    /// What a careful reader needs to know; may be empty.
    pub notes: &'static str,
    /// The calls the function accepts: `ST_Area(geom geometry)`.
    pub signatures: Vec<String>,
    /// The arguments of all signatures, each name once.
    pub arguments: Vec<ArgumentInfo>,
    /// The types the function returns, with commas between.
    pub returns: String,
    /// A short call that shows the function.
    pub example: &'static str,
    /// How the function compares with the `PostGIS` function of its name.
    pub parity: Parity,
    /// Whether the function makes one value of many rows.
    pub is_aggregate: bool,
}

/// What there is to read about an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentInfo {
    /// The name for `name => value`.
    pub name: &'static str,
    /// The type, with a bar between alternatives.
    pub type_name: String,
    /// One sentence that says what the argument is.
    pub summary: &'static str,
    /// Whether a call may leave it out.
    pub is_optional: bool,
}

/// Returns what there is to read about a scalar function.
pub(crate) fn info(function: &Function) -> FunctionInfo {
    let overloads = function.overloads;
    let mut returns: Vec<&str> = Vec::new();
    for overload in overloads {
        if !returns.contains(&overload.returns.sql_name()) {
            returns.push(overload.returns.sql_name());
        }
    }
    FunctionInfo {
        name: function.name(),
        title: function.title,
        aliases: function.aliases,
        category: function.category,
        summary: function.summary,
        notes: function.notes,
        signatures: overloads.iter().map(|each| describe(function.title, each)).collect(),
        arguments: arguments(overloads.iter().map(|overload| overload.arguments)),
        returns: returns.join(", "),
        example: function.example,
        parity: function.parity,
        is_aggregate: false,
    }
}

/// Returns what there is to read about an aggregate function.
pub(crate) fn aggregate_info(aggregate: &Aggregate) -> FunctionInfo {
    FunctionInfo {
        name: aggregate.name(),
        title: aggregate.title,
        aliases: aggregate.aliases,
        category: Category::Aggregate,
        summary: aggregate.summary,
        notes: aggregate.notes,
        signatures: vec![format!("{}(geom geometry)", aggregate.title)],
        arguments: arguments(std::iter::once(aggregate.arguments)),
        returns: "geometry".to_owned(),
        example: aggregate.example,
        parity: aggregate.parity,
        is_aggregate: true,
    }
}

/// Returns the documentation in the engine's own form.
pub(crate) fn documentation(info: &FunctionInfo) -> Documentation {
    let section = DocSection { include: true, label: info.category.title(), description: None };
    let syntax = info.signatures.first().cloned().unwrap_or_default();
    let mut builder = Documentation::builder(section, info.summary, syntax);
    for argument in &info.arguments {
        builder = builder.with_argument(argument.name, argument.summary);
    }
    builder.with_sql_example(format!("```sql\n{}\n```", info.example)).build()
}

/// Returns the reference page of a function as Markdown, without its tested examples.
pub fn reference_page(function: &FunctionInfo) -> String {
    let mut page = format!("# {}\n\n{}\n", function.title, function.summary);
    page.push_str("\n## Syntax\n\n```sql\n");
    for signature in &function.signatures {
        page.push_str(signature);
        page.push('\n');
    }
    page.push_str("```\n");
    page.push_str("\n## Arguments\n\n| name | type | |\n|---|---|---|\n");
    for argument in &function.arguments {
        let optional = if argument.is_optional { " Optional." } else { "" };
        let type_name = argument.type_name.replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {type_name} | {}{optional} |",
            argument.name, argument.summary
        );
    }
    let _ = write!(page, "\nReturns {}.\n", function.returns);
    if !function.notes.is_empty() {
        let _ = write!(page, "\n## Notes\n\n{}\n", function.notes);
    }
    if !function.example.is_empty() {
        let _ = write!(page, "\n## Example\n\n```sql\n{}\n```\n", function.example);
    }
    page.push_str("\n## Elsewhere\n\n");
    page.push_str(match function.parity {
        Parity::Same => "The same as in PostGIS.",
        Parity::Differs(difference) | Parity::Extension(difference) => difference,
    });
    page.push('\n');
    if !function.aliases.is_empty() {
        let names: Vec<String> =
            function.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let _ = write!(page, "\nOther names: {}.\n", names.join(", "));
    }
    page
}

/// Returns each argument once, with the types it has in the different lists.
fn arguments(lists: impl Iterator<Item = &'static [Argument]>) -> Vec<ArgumentInfo> {
    let mut infos: Vec<ArgumentInfo> = Vec::new();
    for argument in lists.flatten() {
        let type_name = argument.kind.sql_name();
        match infos.iter_mut().find(|info| info.name == argument.name) {
            Some(info) if info.type_name.split(" | ").any(|known| known == type_name) => {}
            Some(info) => {
                info.type_name.push_str(" | ");
                info.type_name.push_str(type_name);
            }
            None => infos.push(ArgumentInfo {
                name: argument.name,
                type_name: type_name.to_owned(),
                summary: argument.summary,
                is_optional: argument.optional,
            }),
        }
    }
    infos
}
