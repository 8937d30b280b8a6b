//! Finds the tables a query names, and gives files and table functions a name of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use godwit_formats::{format_named, formats};
use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, ObjectNamePart, Query,
    TableFactor, TableFunctionArgs, UnaryOperator, Value, VisitMut as _, VisitorMut,
};

use super::{outcome, position};
use crate::error::{Code, Error, Position, nearest};

/// A relation that must be opened before the query can be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The name parts that stand in the query now.
    pub(crate) name: Vec<String>,
    /// What they mean.
    pub(crate) target: Target,
    /// Where the name stands.
    pub(crate) position: Option<Position>,
}

/// What a relation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A table, a view, or a common table expression when `is_cte`.
    Table { is_cte: bool },
    /// A file, directory, glob or URL.
    Location { location: String, format: Option<String>, options: BTreeMap<String, String> },
    /// What is known about such locations.
    Description { locations: Vec<String>, options: BTreeMap<String, String> },
}

/// Collects the relations of the query, each name once, in the order of the tree.
pub(crate) fn collect(query: &mut Query) -> Result<Vec<Request>, Error> {
    let mut collect = Collect::default();
    outcome(query.visit(&mut CteNames { names: &mut collect.ctes }))?;
    outcome(query.visit(&mut collect))?;
    Ok(collect.requests)
}

struct CteNames<'a> {
    names: &'a mut BTreeSet<String>,
}

impl VisitorMut for CteNames<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.names.insert(cte.alias.name.value.to_lowercase());
        }
        ControlFlow::Continue(())
    }
}

#[derive(Debug, Default)]
struct Collect {
    ctes: BTreeSet<String>,
    requests: Vec<Request>,
}

impl VisitorMut for Collect {
    type Break = Error;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        let TableFactor::Table { name, args, .. } = factor else {
            return ControlFlow::Continue(());
        };
        match self.request(name, args) {
            Ok(Some(request)) => {
                if self.requests.iter().all(|known| known.name != request.name) {
                    self.requests.push(request);
                }
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Collect {
    fn request(
        &self,
        name: &mut ObjectName,
        arguments: &mut Option<TableFunctionArgs>,
    ) -> Result<Option<Request>, Error> {
        let mut parts = Vec::new();
        for part in &name.0 {
            let Some(ident) = part.as_ident() else {
                return Err(Error::unsupported(format!("the table name {name} is not supported")));
            };
            parts.push(ident.clone());
        }
        let place = parts.first().and_then(|first| position(first.span));
        let located = |error: Error| match place {
            Some(place) => error.with_position(place),
            None => error,
        };
        if let Some(call) = arguments
            && is_driver_list(&parts)
        {
            if !call.args.is_empty() {
                let error = Error::new(Code::SyntaxError, "st_drivers takes no arguments");
                return Err(located(error.with_hint("Type FROM st_drivers().")));
            }
            *arguments = None;
            let table = ["system", "drivers"].map(str::to_owned);
            let idents = table.clone().map(|part| ObjectNamePart::Identifier(Ident::new(part)));
            *name = ObjectName(idents.to_vec());
            return Ok(Some(Request {
                name: table.to_vec(),
                target: Target::Table { is_cte: false },
                position: place,
            }));
        }
        if let Some(call) = arguments {
            if let Some(error) = unknown_reader(&parts) {
                return Err(located(error));
            }
            let Some(reader) = reader(&parts) else {
                // A table function of the planner, as generate_series.
                for part in &mut name.0 {
                    if let ObjectNamePart::Identifier(ident) = part {
                        ident.value = ident.value.to_lowercase();
                    }
                }
                return Ok(None);
            };
            let text = format!("{}({})", name.to_string().to_lowercase(), joined(&call.args));
            let target = read_arguments(reader, &call.args).map_err(located)?;
            *arguments = None;
            *name = single(&text, parts.first());
            return Ok(Some(Request { name: vec![text], target, position: place }));
        }
        if let [path] = parts.as_slice()
            && path.quote_style == Some('\'')
        {
            let location = path.value.clone();
            *name = single(&location, Some(path));
            return Ok(Some(Request {
                name: vec![location.clone()],
                target: Target::Location { location, format: None, options: BTreeMap::new() },
                position: place,
            }));
        }
        let is_cte =
            matches!(parts.as_slice(), [only] if self.ctes.contains(&only.value.to_lowercase()));
        Ok(Some(Request {
            name: parts.into_iter().map(|part| part.value).collect(),
            target: Target::Table { is_cte },
            position: place,
        }))
    }
}

/// What a function as `read_csv` reads.
enum Reader {
    /// Files of this format.
    Of(String),
    /// Files whose format is found out, or an option: `read_file`, `ST_Read`.
    Any,
    /// What is known about such files: `ST_Read_Meta`.
    Description,
}

fn reader(parts: &[Ident]) -> Option<Reader> {
    let [name] = parts else { return None };
    let name = name.value.to_lowercase();
    match name.as_str() {
        "st_read" => return Some(Reader::Any),
        "st_read_meta" => return Some(Reader::Description),
        "st_readshp" => return Some(Reader::Of("SHAPEFILE".to_owned())),
        "st_readosm" => return Some(Reader::Of("OSM".to_owned())),
        _ => {}
    }
    Some(match name.strip_prefix("read_")? {
        "file" => Reader::Any,
        format => Reader::Of(format.to_uppercase()),
    })
}

/// Returns the error of a call as `read_parqet`, if it names no format.
fn unknown_reader(parts: &[Ident]) -> Option<Error> {
    let [name] = parts else { return None };
    let name = name.value.to_lowercase();
    let format = name.strip_prefix("read_")?;
    if format_named(format).is_some() || matches!(format, "file" | "delta") {
        return None;
    }
    let error = Error::new(Code::UndefinedFunction, format!("function \"{name}\" does not exist"));
    let described = formats().iter().map(|format| format.describe());
    let names = described.flat_map(|it| std::iter::once(it.name).chain(it.aliases.iter().copied()));
    Some(match nearest(format, names.chain(["DELTA", "FILE"])) {
        Some(near) => error.with_hint(format!("Did you mean read_{}?", near.to_lowercase())),
        None => error.with_hint("FROM 'path' finds out the format; system.formats lists them all."),
    })
}

/// Returns whether a call is `ST_Drivers`, which lists the formats.
fn is_driver_list(parts: &[Ident]) -> bool {
    matches!(parts, [name] if name.value.eq_ignore_ascii_case("st_drivers"))
}

fn single(name: &str, like: Option<&Ident>) -> ObjectName {
    let mut ident = Ident::with_quote('"', name);
    if let Some(like) = like {
        ident.span = like.span;
    }
    ObjectName(vec![ObjectNamePart::Identifier(ident)])
}

fn joined(arguments: &[FunctionArg]) -> String {
    arguments.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn read_arguments(reader: Reader, arguments: &[FunctionArg]) -> Result<Target, Error> {
    let hint = "Type read_csv('path', option => value, ...).";
    let mut locations = Vec::new();
    let mut options = BTreeMap::new();
    for (index, argument) in arguments.iter().enumerate() {
        match argument {
            FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => {
                add_option(&mut options, &name.value, value)?;
            }
            // `name = value` reads as a comparison.
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            })) if index > 0 => match left.as_ref() {
                Expr::Identifier(name) => add_option(&mut options, &name.value, right)?,
                _ => {
                    return Err(
                        Error::new(Code::SyntaxError, "an option needs a name").with_hint(hint)
                    );
                }
            },
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) if index == 0 => {
                locations = self::locations(&reader, value);
            }
            _ => {
                return Err(Error::new(
                    Code::SyntaxError,
                    format!("the argument {argument} is not an option"),
                )
                .with_hint(hint));
            }
        }
    }
    if locations.is_empty() {
        return Err(Error::new(
            Code::SyntaxError,
            "the first argument must be a location in single quotes",
        )
        .with_hint(hint));
    }
    let format = match reader {
        Reader::Description => return Ok(Target::Description { locations, options }),
        Reader::Of(format) => Some(format),
        Reader::Any => options.remove("format"),
    };
    Ok(Target::Location { location: locations.concat(), format, options })
}

/// Returns the location that is written, or those in a list if there may be several.
fn locations(reader: &Reader, value: &Expr) -> Vec<String> {
    match (reader, value) {
        (Reader::Description, Expr::Array(list)) => {
            let texts: Option<Vec<String>> = list.elem.iter().map(text).collect();
            texts.unwrap_or_default()
        }
        _ => text(value).into_iter().collect(),
    }
}

fn add_option(
    options: &mut BTreeMap<String, String>,
    name: &str,
    value: &Expr,
) -> Result<(), Error> {
    let name = name.to_lowercase();
    let Some(value) = text(value) else {
        return Err(Error::new(
            Code::SyntaxError,
            format!("the value of the option \"{name}\" must be a literal"),
        ));
    };
    if options.insert(name.clone(), value).is_some() {
        let message = format!("the option \"{name}\" is given twice");
        return Err(Error::new(Code::SyntaxError, message));
    }
    Ok(())
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => {
                Some(text.clone())
            }
            Value::Number(number, _) => Some(number.clone()),
            Value::Boolean(value) => Some(value.to_string()),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Some(format!("-{}", text(expr)?)),
        Expr::Identifier(word) => Some(word.value.clone()),
        _ => None,
    }
}
