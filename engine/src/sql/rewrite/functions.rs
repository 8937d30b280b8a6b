//! Rewrites calls: names are case-insensitive, an aggregate is chosen by its number of arguments,
//! a cast to `GEOMETRY` or to JSON is a call.

use std::ops::ControlFlow;

use godwit_geometry::DeclaredKind;
use sqlparser::ast::{
    Array, CastKind, CharacterLength, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, Ident, ObjectName, ObjectNamePart, Query, Select,
    SelectItem, SetExpr, TableFactor, Value, VisitMut as _, VisitorMut,
};
use sqlparser::tokenizer::Span;

use super::{
    alike, array_literals, boxes, distinct_on, distinct_values, group_places, has_fractions,
    meanings, named, outcome, precisions, quantified, results, row_comparisons,
};
use crate::error::Error;
use crate::functions::{LIST, UUID_CAST, json_cast};
use crate::sql::made;
use crate::sql::{GeometryModifiers, template};

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
        if let Some(cast) = json_cast_of(expr) {
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
                if let Err(error) = rewrite_cast(expr) {
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
            Expr::TypedString(typed) => {
                if let Some((function, modifiers)) = geometry_modifiers(&typed.data_type) {
                    match geometry_cast(function, Expr::Value(typed.value.clone()), modifiers) {
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

/// Rewrites a cast whose type means a function, or whose value is spelled otherwise.
fn rewrite_cast(expr: &mut Expr) -> Result<(), Error> {
    let Expr::Cast { kind, expr: value, data_type, .. } = expr else { return Ok(()) };
    if let Some(function) = box_function(data_type) {
        let value = made::take(value.as_mut());
        *expr = call(function, vec![value], Span::empty());
        return Ok(());
    }
    if let Some(text) = boxes::as_text(value, data_type) {
        *expr = text;
        return Ok(());
    }
    let inner = array_literals::of(value, data_type)
        .or_else(|| precisions::of(value, kind, data_type))
        .or_else(|| precisions::of_negative_scale(value, kind, data_type));
    if let Some(inner) = inner {
        **value = inner;
        return Ok(());
    }
    if let Some(length) = text_length(data_type) {
        let cast = made::take(expr);
        let length = made::number(length);
        *expr = call("left", vec![cast, length], Span::empty());
        return Ok(());
    }
    if *data_type == DataType::Uuid && matches!(kind, CastKind::Cast | CastKind::DoubleColon) {
        let cast = made::take(expr);
        *expr = call(UUID_CAST, vec![cast], Span::empty());
        return Ok(());
    }
    let Some((function, modifiers)) = geometry_modifiers(data_type) else { return Ok(()) };
    if matches!(kind, CastKind::TryCast | CastKind::SafeCast) {
        return Err(Error::unsupported("TRY_CAST to a geometry is not supported")
            .with_hint("Type ST_GeomFromText(x) or x::geometry."));
    }
    let value = without_system(made::take(value.as_mut()));
    *expr = geometry_cast(function, value, modifiers)?;
    Ok(())
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

/// Returns the function that casts to a geometry type, and the modifiers: `["Point", "4326"]`.
fn geometry_modifiers(data_type: &DataType) -> Option<(&'static str, &[String])> {
    let DataType::Custom(name, modifiers) = data_type else { return None };
    let [part] = name.0.as_slice() else { return None };
    let name = &part.as_ident()?.value;
    if name.eq_ignore_ascii_case("geometry") {
        return Some((GEOMETRY_CAST, modifiers.as_slice()));
    }
    name.eq_ignore_ascii_case("geography").then_some((GEOGRAPHY_CAST, modifiers.as_slice()))
}

/// Returns the call that a cast to JSON is.
fn json_cast_of(expr: &mut Expr) -> Option<Expr> {
    let (value, is_binary, is_try) = match expr {
        Expr::Cast { kind, expr, data_type, .. } => {
            let is_binary = is_jsonb(data_type)?;
            let is_try = matches!(kind, CastKind::TryCast | CastKind::SafeCast);
            (made::take(expr.as_mut()), is_binary, is_try)
        }
        Expr::TypedString(typed) => {
            (Expr::Value(typed.value.clone()), is_jsonb(&typed.data_type)?, false)
        }
        _ => return None,
    };
    Some(call(json_cast(is_binary, is_try), vec![value], Span::empty()))
}

/// Returns whether a type of JSON is `jsonb`, nothing if it is another type.
fn is_jsonb(data_type: &DataType) -> Option<bool> {
    match data_type {
        DataType::JSON => Some(false),
        DataType::JSONB => Some(true),
        _ => None,
    }
}

/// Returns how many characters a cast to `varchar(n)` or `char(n)` leaves.
fn text_length(data_type: &DataType) -> Option<String> {
    let (DataType::Varchar(length)
    | DataType::CharacterVarying(length)
    | DataType::CharVarying(length)
    | DataType::Nvarchar(length)
    | DataType::Char(length)
    | DataType::Character(length)) = data_type
    else {
        return None;
    };
    match length {
        Some(CharacterLength::IntegerLength { length, .. }) => Some(length.to_string()),
        _ => None,
    }
}

/// Returns a value that is cast to a geometry. A box of the plane has no reference system there,
/// although it carries that of its column elsewhere.
fn without_system(value: Expr) -> Expr {
    if !boxes::is_plane(&value) {
        return value;
    }
    let none = made::number("0");
    call("st_setsrid", vec![value, none], Span::empty())
}

/// Returns the function that makes a box of a geometry, for a cast to such.
fn box_function(data_type: &DataType) -> Option<&'static str> {
    let DataType::Custom(name, _) = data_type else { return None };
    let [part] = name.0.as_slice() else { return None };
    let name = part.as_ident()?.value.to_lowercase();
    let function = ["box2d", "box3d"].into_iter().find(|function| *function == name)?;
    // A box is a polygon here, so its envelope is as good where there is no such function.
    let is_known = godwit_udfs::function_shape(function).is_some();
    Some(if is_known { function } else { "st_envelope" })
}

fn geometry_cast(function: &str, value: Expr, modifiers: &[String]) -> Result<Expr, Error> {
    let GeometryModifiers { kind, srid } = GeometryModifiers::parse(modifiers)?;
    let kind = kind.map_or_else(String::new, DeclaredKind::name);
    let arguments = vec![value, made::text(kind), made::number(srid.to_string())];
    Ok(call(function, arguments, Span::empty()))
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
