//! Rewrites calls, and what is a call by another name: names are case-insensitive, an aggregate is
//! chosen by its number of arguments.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Array, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, ObjectNamePart, Query, Select, SelectItem, SetExpr,
    TableFactor, Value, VisitMut as _, VisitorMut,
};
use sqlparser::tokenizer::Span;

use super::{
    alike, casts, distinct_on, distinct_values, group_places, has_fractions, meanings, named,
    outcome, quantified, results, row_comparisons,
};
use crate::error::Error;
use crate::functions::LIST;
use crate::sql::{made, template};

/// The function that `x::geometry(kind, srid)` becomes: value, kind or empty, srid or 0.
pub(crate) const GEOMETRY_CAST: &str = "godwit_geometry_cast";

/// The function that `x::geography(kind, srid)` becomes, with the same arguments.
pub(crate) const GEOGRAPHY_CAST: &str = "godwit_geography_cast";

/// Functions that may be called without parentheses.
const BARE: [&str; 5] =
    ["current_user", "session_user", "current_catalog", "current_schema", "current_role"];

/// Names that `PostgreSQL` has for functions that are called otherwise here.
const SYNONYMS: [(&str, &str); 8] = [
    ("ceiling", "ceil"),
    // A statement sees one time, and is a transaction.
    ("clock_timestamp", "now"),
    ("statement_timestamp", "now"),
    ("transaction_timestamp", "now"),
    ("every", "bool_and"),
    ("gen_random_uuid", "uuid"),
    // Those of the query engine of these names change the first element only.
    ("array_remove", "array_remove_all"),
    ("array_replace", "array_replace_all"),
];

/// Functions that return an array.
const ARRAYS: [&str; 8] = [
    "array",
    "array_agg",
    LIST,
    "make_array",
    "st_clusterintersecting",
    "st_clusterintersecting_agg",
    "st_clusterwithin",
    "st_clusterwithin_agg",
];

/// Rewrites every call in the query.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Calls { readers: 0 }))
}

struct Calls {
    /// How many of the selects around read a table.
    readers: usize,
}

impl VisitorMut for Calls {
    type Break = Error;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        self.readers += usize::from(!select.from.is_empty());
        distinct_on::rewrite(select);
        group_places::rewrite(select);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        self.readers -= usize::from(!select.from.is_empty());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        alike::tell_apart(query);
        ControlFlow::Continue(())
    }

    // After the children, so that the arguments of a cast are rewritten once.
    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Some(cast) = casts::of_json(expr) {
            *expr = cast;
            return ControlFlow::Continue(());
        }
        match expr {
            Expr::Function(function) => {
                if let Some(user) = bare_user(function) {
                    *expr = match self.readers {
                        0 => call("current_user", Vec::new(), user.span),
                        _ => Expr::Identifier(user),
                    };
                } else if let Some(list) = list_of(function) {
                    *expr = list;
                } else if let Some(meaning) = meanings::of(function) {
                    *expr = meaning;
                } else {
                    rewrite_call(function);
                    results::type_arguments(function);
                }
            }
            Expr::Identifier(ident) => {
                let name = ident.value.to_lowercase();
                if ident.quote_style.is_none() && BARE.contains(&name.as_str()) {
                    let span = ident.span;
                    *expr = call(&name, Vec::new(), span);
                }
            }
            Expr::Cast { .. } => {
                if let Err(error) = casts::rewrite(expr) {
                    return ControlFlow::Break(error);
                }
            }
            Expr::Case { .. } => results::type_written(expr),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => {
                if let Some(meaning) = quantified::of(expr) {
                    *expr = meaning;
                }
            }
            Expr::Like { .. } | Expr::ILike { .. } => {
                if let Some(meaning) = quantified::of_patterns(expr) {
                    *expr = meaning;
                }
            }
            Expr::Substring { .. }
            | Expr::AtTimeZone { .. }
            | Expr::BinaryOp { .. }
            | Expr::InList { .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_) => {
                let meaning = row_comparisons::of(expr).or_else(|| meanings::of_operator(expr));
                if let Some(meaning) = meaning {
                    *expr = meaning;
                }
            }
            Expr::TypedString(typed) => match casts::of_typed(typed) {
                Ok(Some(cast)) => *expr = cast,
                Ok(None) => {}
                Err(error) => return ControlFlow::Break(error),
            },
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Returns the word `user`: the parser takes it for a call, but where a table is read it is a
/// column, whose name is common.
fn bare_user(function: &Function) -> Option<Ident> {
    let [part] = function.name.0.as_slice() else { return None };
    let ident = part.as_ident()?;
    let is_user =
        function.args == FunctionArguments::None && ident.value.eq_ignore_ascii_case("user");
    is_user.then(|| ident.clone())
}

/// Returns the subquery that `ARRAY(SELECT ...)` is: all values of its column in a list.
fn list_of(function: &mut Function) -> Option<Expr> {
    let [part] = function.name.0.as_slice() else { return None };
    part.as_ident().filter(|name| name.value.eq_ignore_ascii_case("array"))?;
    let FunctionArguments::Subquery(query) = &mut function.args else { return None };
    let text = format!("SELECT {LIST}(item) FROM (SELECT 1) AS list(item)");
    let mut list = template::query(&text).ok()?;
    let SetExpr::Select(select) = list.body.as_mut() else { return None };
    let TableFactor::Derived { subquery, .. } = &mut select.from.first_mut()?.relation else {
        return None;
    };
    std::mem::swap(subquery, query);
    Some(Expr::Subquery(list))
}

fn rewrite_call(function: &mut Function) {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_mut_slice() else { return };
    name.value = name.value.to_lowercase();
    if let Some((_, known)) = SYNONYMS.iter().find(|(synonym, _)| *synonym == name.value) {
        (*known).clone_into(&mut name.value);
    }
    if let FunctionArguments::List(list) = &mut function.args {
        distinct_values::sort(&name.value, list);
        for argument in &mut list.args {
            if let FunctionArg::Named { name, .. } = argument {
                name.value = name.value.to_lowercase();
            }
        }
        named::place(&name.value, &mut list.args);
        if name.value == "encode" {
            pad_base64(&mut list.args);
        }
        if name.value.starts_with("st_") {
            for array in list.args.iter_mut().filter_map(array_of) {
                type_nulls(array);
            }
        }
        // An array is one value, not a column of them; a number is no geometry but an option.
        let is_array = list.args.iter().filter_map(value_of).any(is_array);
        let numbers = list.args.iter().filter_map(value_of).filter(|value| is_number(value));
        let geometry_count = list.args.len() - numbers.count();
        if let Some(twin) = godwit_udfs::aggregate_twin(&name.value, geometry_count)
            && !is_array
        {
            twin.clone_into(&mut name.value);
        }
    }
}

/// Makes `encode(x, 'base64')` end in padding, as it does in `PostgreSQL`.
fn pad_base64(arguments: &mut [FunctionArg]) {
    if let [_, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(format)))] = arguments
        && let Value::SingleQuotedString(format) = &mut format.value
        && format.eq_ignore_ascii_case("base64")
    {
        "base64pad".clone_into(format);
    }
}

fn value_of(argument: &FunctionArg) -> Option<&Expr> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value))
        | FunctionArg::Named { arg: FunctionArgExpr::Expr(value), .. }
        | FunctionArg::ExprNamed { arg: FunctionArgExpr::Expr(value), .. } => Some(value),
        _ => None,
    }
}

fn array_of(argument: &mut FunctionArg) -> Option<&mut Array> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Array(array))) => Some(array),
        _ => None,
    }
}

/// Makes nulls among geometries geometries: the planner finds no type for both. Among texts they
/// are texts.
fn type_nulls(array: &mut Array) {
    let is_text = |item: &Expr| matches!(item, Expr::Value(value) if matches!(value.value, Value::SingleQuotedString(_)));
    if array.elem.iter().any(is_text) {
        return;
    }
    for item in &mut array.elem {
        if matches!(item, Expr::Value(value) if value.value == Value::Null) {
            *item = made::cast(made::null(), DataType::Bytea);
        }
    }
}

/// Returns whether a value is an array, as far as its text tells.
fn is_array(value: &Expr) -> bool {
    match value {
        Expr::Array(_) => true,
        Expr::Nested(value) => is_array(value),
        Expr::Subquery(query) => match query.body.as_ref() {
            SetExpr::Select(select) => matches!(
                select.projection.as_slice(),
                [SelectItem::UnnamedExpr(only @ Expr::Function(_))] if is_array(only)
            ),
            _ => false,
        },
        Expr::Cast { data_type, .. } => matches!(data_type, DataType::Array(_)),
        Expr::Function(function) => {
            let name = function.name.to_string();
            ARRAYS.iter().any(|array| name.eq_ignore_ascii_case(array))
        }
        _ => false,
    }
}

/// Returns whether a value is a number, as far as its text tells.
fn is_number(value: &Expr) -> bool {
    match value {
        Expr::Value(value) => matches!(value.value, Value::Number(..)),
        Expr::Nested(expr) | Expr::UnaryOp { expr, .. } => is_number(expr),
        Expr::BinaryOp { left, right, .. } => is_number(left) && is_number(right),
        Expr::Cast { data_type, .. } => has_fractions(data_type),
        _ => false,
    }
}

/// Returns a call.
pub(in crate::sql) fn call(name: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    let arguments = arguments
        .into_iter()
        .map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)))
        .collect();
    call_with(name, arguments, span)
}

/// Returns a call with arguments that may have names.
pub(super) fn call_with(name: &str, args: Vec<FunctionArg>, span: Span) -> Expr {
    Expr::Function(Function {
        name: ObjectName(vec![ObjectNamePart::Identifier(Ident {
            value: name.to_owned(),
            quote_style: None,
            span,
        })]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}
