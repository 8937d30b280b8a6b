//! Rewrites calls: names are case-insensitive, an aggregate is chosen by its number of arguments,
//! a cast to `GEOMETRY` is a call.

use std::ops::ControlFlow;

use sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, ObjectNamePart, Query, Value, VisitMut as _, VisitorMut,
};
use sqlparser::tokenizer::Span;

use super::outcome;
use crate::error::{Code, Error};

/// The function that `x::geometry(kind, srid)` becomes: value, kind or empty, srid or 0.
pub(crate) const GEOMETRY_CAST: &str = "godwit_geometry_cast";

/// Functions that may be called without parentheses.
const BARE: [&str; 5] =
    ["current_user", "session_user", "current_catalog", "current_schema", "current_role"];

/// Rewrites every call in the query.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Calls))
}

struct Calls;

impl VisitorMut for Calls {
    type Break = Error;

    // After the children, so that the arguments of a cast are rewritten once.
    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match expr {
            Expr::Function(function) => {
                if let Some(column) = bare_column(function) {
                    *expr = Expr::Identifier(column);
                } else {
                    rewrite_call(function);
                }
            }
            Expr::Identifier(ident) => {
                let name = ident.value.to_lowercase();
                if ident.quote_style.is_none() && BARE.contains(&name.as_str()) {
                    let span = ident.span;
                    *expr = call(&name, Vec::new(), span);
                }
            }
            Expr::Cast { kind, expr: value, data_type, .. } => {
                let Some(modifiers) = geometry_modifiers(data_type) else {
                    return ControlFlow::Continue(());
                };
                if matches!(kind, CastKind::TryCast | CastKind::SafeCast) {
                    return ControlFlow::Break(
                        Error::unsupported("TRY_CAST to GEOMETRY is not supported")
                            .with_hint("Type ST_GeomFromText(x) or x::geometry."),
                    );
                }
                let value = std::mem::replace(value.as_mut(), null());
                match geometry_cast(value, modifiers) {
                    Ok(cast) => *expr = cast,
                    Err(error) => return ControlFlow::Break(error),
                }
            }
            Expr::TypedString(typed) => {
                if let Some(modifiers) = geometry_modifiers(&typed.data_type) {
                    match geometry_cast(Expr::Value(typed.value.clone()), modifiers) {
                        Ok(cast) => *expr = cast,
                        Err(error) => return ControlFlow::Break(error),
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Returns the column that a word without parentheses means: the parser takes `user` for a call,
/// and it is a common column name.
fn bare_column(function: &Function) -> Option<Ident> {
    let [part] = function.name.0.as_slice() else { return None };
    let ident = part.as_ident()?;
    let is_column =
        function.args == FunctionArguments::None && ident.value.eq_ignore_ascii_case("user");
    is_column.then(|| ident.clone())
}

fn rewrite_call(function: &mut Function) {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_mut_slice() else { return };
    name.value = name.value.to_lowercase();
    if let FunctionArguments::List(list) = &mut function.args {
        for argument in &mut list.args {
            if let FunctionArg::Named { name, .. } = argument {
                name.value = name.value.to_lowercase();
            }
        }
        // An array is one value, not a column of them.
        let is_array = matches!(
            list.args.as_slice(),
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Array(_)))]
        );
        if let Some(twin) = godwit_udfs::aggregate_twin(&name.value, list.args.len())
            && !is_array
        {
            twin.clone_into(&mut name.value);
        }
    }
}

/// Returns the modifiers of a geometry type, as `["Point", "4326"]`.
fn geometry_modifiers(data_type: &DataType) -> Option<&[String]> {
    let DataType::Custom(name, modifiers) = data_type else { return None };
    let [part] = name.0.as_slice() else { return None };
    part.as_ident()?.value.eq_ignore_ascii_case("geometry").then_some(modifiers.as_slice())
}

fn geometry_cast(value: Expr, modifiers: &[String]) -> Result<Expr, Error> {
    let (mut kind, mut srid) = (String::new(), 0_i32);
    for modifier in modifiers {
        let modifier = modifier.trim();
        if let Ok(number) = modifier.parse() {
            srid = number;
        } else if kind.is_empty() && modifier.chars().all(char::is_alphabetic) {
            kind = modifier.to_uppercase();
        } else {
            let message = format!("the type modifier \"{modifier}\" is not understood");
            return Err(Error::new(Code::SyntaxError, message)
                .with_hint("Type GEOMETRY, GEOMETRY(Point) or GEOMETRY(Point, 4326)."));
        }
    }
    let arguments = vec![
        value,
        Expr::Value(Value::SingleQuotedString(kind).with_empty_span()),
        Expr::Value(Value::Number(srid.to_string(), false).with_empty_span()),
    ];
    Ok(call(GEOMETRY_CAST, arguments, Span::empty()))
}

fn call(name: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    let args = arguments
        .into_iter()
        .map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)))
        .collect();
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

fn null() -> Expr {
    Expr::Value(Value::Null.with_empty_span())
}
