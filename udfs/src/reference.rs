//! What people read about a function: the catalogue's data and the reference page made of it.

use std::fmt::Write as _;

use datafusion::logical_expr::{DocSection, Documentation};

use crate::aggregate::Aggregate;
use crate::function::{Argument, Category, Function, Overload, Parity, RecordField, Type};
use crate::overload::{describe, signature};

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
    /// What the function makes of rows.
    pub kind: FunctionKind,
    /// What a call gives where a table may stand.
    pub shape: Shape,
}

/// What a function makes of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// One value of each row.
    Scalar,
    /// One value of many rows.
    Aggregate,
    /// One value of each row, from all rows of its partition.
    Window,
}

impl FunctionKind {
    /// Returns the name used in `SHOW FUNCTIONS`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Aggregate => "aggregate",
            Self::Window => "window",
        }
    }
}

/// What a call gives where a table may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// One row of one column.
    Value,
    /// One row with a column for each of these fields.
    Record(Fields),
    /// Rows of one column.
    Values,
    /// Rows with a column for each of these fields.
    Records(Fields),
}

/// The names of the fields of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields(&'static [RecordField]);

impl Fields {
    /// A name and a value, as members of JSON objects have them.
    pub const MEMBER: Self =
        Self(&[RecordField::new("key", Type::Text), RecordField::new("value", Type::Text)]);

    /// Returns the names in order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|field| field.name)
    }
}

impl Shape {
    /// Returns whether a call gives rows.
    pub fn is_set(self) -> bool {
        matches!(self, Self::Values | Self::Records(_))
    }

    /// Returns the fields of the rows, if they have names.
    pub fn fields(self) -> Option<Fields> {
        match self {
            Self::Record(fields) | Self::Records(fields) => Some(fields),
            Self::Value | Self::Values => None,
        }
    }

    fn of(kind: Type) -> Self {
        match kind {
            Type::Record(fields) => Self::Record(Fields(fields)),
            Type::Set(Type::Record(fields)) => Self::Records(Fields(fields)),
            Type::Set(_) => Self::Values,
            _ => Self::Value,
        }
    }
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

/// Returns what there is to read about a scalar or window function.
pub(crate) fn info(function: &Function, kind: FunctionKind) -> FunctionInfo {
    let overloads: Vec<&Overload> = function.all_overloads().collect();
    let mut returns = Vec::new();
    for overload in &overloads {
        let name = overload.returns.sql_name();
        if !returns.contains(&name) {
            returns.push(name);
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
        kind,
        shape: overloads.first().map_or(Shape::Value, |first| Shape::of(first.returns)),
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
        signatures: vec![signature(aggregate.title, aggregate.arguments)],
        arguments: arguments(std::iter::once(aggregate.arguments)),
        returns: aggregate.returns.sql_name().into_owned(),
        example: aggregate.example,
        parity: aggregate.parity,
        kind: FunctionKind::Aggregate,
        shape: Shape::Value,
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
                info.type_name.push_str(&type_name);
            }
            None => infos.push(ArgumentInfo {
                name: argument.name,
                type_name: type_name.into_owned(),
                summary: argument.summary,
                is_optional: argument.optional,
            }),
        }
    }
    infos
}
