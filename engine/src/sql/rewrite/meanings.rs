//! Calls that are another expression: `mod(a, b)` is `a % b`.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, DataType, ExactNumberInfo, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArgumentClause, FunctionArguments, Subscript, TimezoneInfo,
    UnaryOperator, Value,
};
use sqlparser::tokenizer::Span;

use super::functions::call;
use super::{hypothetical, typed_calls, window_defaults};
use crate::functions::{
    AT_TIME_ZONE, DIMENSION, READ_DATE, READ_TIMESTAMP, ROUND_BY, known_escapes,
};
use crate::sql::made::{self, cast, take};

/// Returns the expression that a call stands for.
pub(super) fn of(function: &mut Function) -> Option<Expr> {
    let [part] = function.name.0.as_slice() else { return None };
    let name = part.as_ident()?.value.to_lowercase();
    match name.as_str() {
        "mod" => remainder(function),
        "round" => rounded(function),
        "age" => age_today(function).or_else(|| {
            typed_calls::type_moments(arguments(function)?);
            None
        }),
        "array_fill" => filled(function),
        "array_remove" => without_nulls(function),
        "lag" | "lead" => window_defaults::of(function),
        "log" => logarithm(function),
        "rank" | "dense_rank" | "percent_rank" | "cume_dist" => hypothetical::of(function),
        "generate_series" => {
            let [begin, end, step] = arguments(function)?;
            typed_calls::type_series(begin, end, step);
            None
        }
        "array_dims" => bounds(function),
        "array_lower" => first_place(function),
        "array_length" | "array_upper" => last_place(function),
        "date_trunc" => truncated_in_zone(function),
        "make_timestamptz" => made_in_zone(function),
        "pg_typeof" => type_of_text(function),
        "timezone" => in_zone(function),
        "substring" | "substr" => matched(function),
        "scale" | "min_scale" => {
            keep_digits(function);
            None
        }
        "to_timestamp" => read_by_template(function, READ_TIMESTAMP),
        "to_date" => read_by_template(function, READ_DATE),
        "regexp_like" | "regexp_count" | "regexp_instr" => {
            if let FunctionArguments::List(list) = &mut function.args
                && let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(pattern))) =
                    list.args.get_mut(1)
            {
                let_points_be_anything(pattern);
            }
            None
        }
        _ => {
            let data_type = typed_calls::type_of(&name)?;
            let [value] = arguments(function)?;
            Some(cast(take(value), data_type))
        }
    }
}

/// Returns the call that an operator stands for which the query engine lacks, or takes for another.
pub(super) fn of_operator(expr: &mut Expr) -> Option<Expr> {
    match expr {
        // The first group of the pattern, or all that it matches.
        Expr::Substring { expr: text, substring_from: Some(from), substring_for: None, .. } => {
            is_text(from).then(|| first_match(take(text), take(from)))
        }
        Expr::AtTimeZone { timestamp, time_zone } => {
            Some(call(AT_TIME_ZONE, vec![take(timestamp), take(time_zone)], Span::empty()))
        }
        Expr::BinaryOp {
            op:
                BinaryOperator::PGRegexMatch
                | BinaryOperator::PGRegexIMatch
                | BinaryOperator::PGRegexNotMatch
                | BinaryOperator::PGRegexNotIMatch,
            right,
            ..
        } => {
            let_points_be_anything(right);
            None
        }
        Expr::BinaryOp { left, op: BinaryOperator::PGStartsWith, right } => {
            Some(call("starts_with", vec![take(left), take(right)], Span::empty()))
        }
        Expr::BinaryOp { left, op: BinaryOperator::AtQuestion, right } => {
            Some(call("jsonb_path_exists", vec![take(left), take(right)], Span::empty()))
        }
        Expr::BinaryOp { left, op: BinaryOperator::AtAt, right } => {
            Some(call("jsonb_path_match", vec![take(left), take(right)], Span::empty()))
        }
        Expr::BinaryOp { left, op: BinaryOperator::BitwiseXor, right } => {
            let (base, exponent) =
                (cast(take(left), DataType::Double(ExactNumberInfo::None)), take(right));
            Some(call("power", vec![base, exponent], Span::empty()))
        }
        _ => None,
    }
}

/// Returns what `substring(text, pattern)` is.
fn matched(function: &mut Function) -> Option<Expr> {
    let [text, pattern] = arguments(function)?;
    is_text(pattern).then(|| first_match(take(text), take(pattern)))
}

/// Makes the point of a regular expression match the end of a line, too, as in `PostgreSQL`, and
/// spells its escapes as the engine below knows them.
fn let_points_be_anything(pattern: &mut Expr) {
    if let Expr::Value(value) = pattern
        && let Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) =
            &mut value.value
    {
        if let Some(known) = known_escapes(text) {
            *text = known;
        }
        if text.contains('.') && !text.starts_with("(?") {
            text.insert_str(0, "(?s)");
        }
    }
}

/// Returns what `to_date(text, template)` is; a format with percent signs is one of `strftime`.
fn read_by_template(function: &mut Function, reader: &str) -> Option<Expr> {
    let [text, template] = arguments(function)?;
    let is_template = is_text(template) && !template.to_string().contains('%');
    is_template.then(|| call(reader, vec![take(text), take(template)], Span::empty()))
}

fn first_match(text: Expr, pattern: Expr) -> Expr {
    let index = made::number("1");
    Expr::CompoundFieldAccess {
        root: Box::new(call("regexp_match", vec![text, pattern], Span::empty())),
        access_chain: vec![AccessExpr::Subscript(Subscript::Index { index })],
    }
}

fn remainder(function: &mut Function) -> Option<Expr> {
    let [dividend, divisor] = arguments(function)?;
    let nested = |value: &mut Expr| Box::new(Expr::Nested(Box::new(take(value))));
    let (left, right) = (nested(dividend), nested(divisor));
    let remainder = Expr::BinaryOp { left, op: BinaryOperator::Modulo, right };
    Some(Expr::Nested(Box::new(remainder)))
}

/// Returns what `round(number, places)` is where the places are not written as a number.
fn rounded(function: &mut Function) -> Option<Expr> {
    let [number, places] = arguments(function)?;
    (!is_number(places)).then(|| call(ROUND_BY, vec![take(number), take(places)], Span::empty()))
}

/// Returns whether the planner takes an expression for a number as written.
fn is_number(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(value.value, Value::Number(..)),
        // Behind brackets it is an operation.
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
            matches!(expr.as_ref(), Expr::Value(_)) && is_number(expr)
        }
        Expr::Nested(expr) => is_number(expr),
        _ => false,
    }
}

/// Returns the age at the beginning of today.
fn age_today(function: &mut Function) -> Option<Expr> {
    let [begin] = arguments(function)?;
    let today = call("current_date", Vec::new(), Span::empty());
    let today = cast(today, DataType::Timestamp(None, TimezoneInfo::None));
    Some(call("age", vec![today, take(begin)], Span::empty()))
}

/// Returns what `make_timestamptz` is, in the zone of the session or another one.
fn made_in_zone(function: &mut Function) -> Option<Expr> {
    let moment = |parts: Vec<Expr>| call("make_timestamp", parts, Span::empty());
    if let Some(parts) = arguments::<6>(function) {
        let parts = parts.map(take).into();
        return Some(cast(moment(parts), DataType::Timestamp(None, TimezoneInfo::WithTimeZone)));
    }
    let [parts @ .., zone] = arguments::<7>(function)?;
    let zone = take(zone);
    Some(call(AT_TIME_ZONE, vec![moment(parts.map(take).into()), zone], Span::empty()))
}

/// Returns what `date_trunc(part, instant, zone)` is: the beginning of the part in the zone.
fn truncated_in_zone(function: &mut Function) -> Option<Expr> {
    let [part, moment, zone] = arguments(function)?;
    let (part, zone) = (take(part), take(zone));
    let instant = cast(take(moment), DataType::Timestamp(None, TimezoneInfo::WithTimeZone));
    let shown = call(AT_TIME_ZONE, vec![instant, zone.clone()], Span::empty());
    let truncated = call("date_trunc", vec![part, shown], Span::empty());
    Some(call(AT_TIME_ZONE, vec![truncated, zone], Span::empty()))
}

/// The dimensions that an array may have.
pub(super) const MOST_DIMENSIONS: usize = 6;

/// Returns what `array_fill(value, ARRAY[2, 3])` is: a value that is repeated for each dimension,
/// beginning with the last.
fn filled(function: &mut Function) -> Option<Expr> {
    let [value, Expr::Array(lengths)] = arguments(function)? else { return None };
    if lengths.elem.is_empty() || lengths.elem.len() > MOST_DIMENSIONS {
        return None;
    }
    let lengths = lengths.elem.iter_mut().rev().map(take);
    Some(lengths.fold(take(value), |items, length| {
        let length = call(DIMENSION, vec![length], Span::empty());
        call("array_repeat", vec![items, length], Span::empty())
    }))
}

/// Returns what a logarithm to the base 10, or 2, is: the one that is exact for powers of its base.
fn logarithm(function: &mut Function) -> Option<Expr> {
    if let Some([number]) = arguments(function) {
        return Some(call("log10", vec![take(number)], Span::empty()));
    }
    let [base, number] = arguments(function)?;
    let known = match base.to_string().as_str() {
        "2" | "2.0" => "log2",
        "10" | "10.0" => "log10",
        _ => return None,
    };
    Some(call(known, vec![take(number)], Span::empty()))
}

/// Returns what `array_remove(list, NULL)` is.
fn without_nulls(function: &mut Function) -> Option<Expr> {
    let [list, item] = arguments(function)?;
    let is_null = matches!(item, Expr::Value(value) if value.value == Value::Null);
    is_null.then(|| call("array_compact", vec![take(list)], Span::empty()))
}

/// Returns the last place of a dimension of an array, which is also its length; none where it is
/// empty.
fn last_place(function: &mut Function) -> Option<Expr> {
    let [array, dimension] = arguments(function)?;
    let length = call("array_length", vec![take(array), take(dimension)], Span::empty());
    let length = cast(length, DataType::BigInt(None));
    Some(call("nullif", vec![length, made::number("0")], Span::empty()))
}

/// Returns the first place of a dimension of an array, which is 1 where there is any.
fn first_place(function: &mut Function) -> Option<Expr> {
    let nothing = nested(last_place(function)?, BinaryOperator::Multiply, made::number("0"));
    Some(nested(nothing, BinaryOperator::Plus, made::number("1")))
}

/// Returns the places of each dimension of an array as a text, `[1:2][1:3]`; none if it is empty.
fn bounds(function: &mut Function) -> Option<Expr> {
    let [array] = arguments(function)?;
    let lengths = call("array_dims", vec![take(array)], Span::empty());
    let lengths = call("array_to_string", vec![lengths, made::text("][1:")], Span::empty());
    let begun = nested(made::text("[1:"), BinaryOperator::StringConcat, lengths);
    Some(nested(begun, BinaryOperator::StringConcat, made::text("]")))
}

fn nested(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    let (left, right) = (Box::new(left), Box::new(right));
    Expr::Nested(Box::new(Expr::BinaryOp { left, op, right }))
}

/// Returns the name of the type that a literal has where nothing gives it one.
fn type_of_text(function: &mut Function) -> Option<Expr> {
    let [value] = arguments(function)?;
    is_text(value).then(|| made::text("unknown"))
}

/// Makes a number that is written with a point a decimal of all its digits.
fn keep_digits(function: &mut Function) {
    let Some([number]) = arguments(function) else { return };
    let digits = match &*number {
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => digits(expr),
        other => digits(other),
    };
    if let Some(size) = digits {
        *number = cast(take(number), DataType::Numeric(size));
    }
}

/// Returns the size of a number as written.
fn digits(number: &Expr) -> Option<ExactNumberInfo> {
    let Expr::Value(value) = number else { return None };
    let Value::Number(text, _) = &value.value else { return None };
    let (whole, fraction) = text.split_once('.')?;
    if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scale = i64::try_from(fraction.len()).ok()?;
    let size = u64::try_from(whole.len() + fraction.len()).ok()?;
    Some(ExactNumberInfo::PrecisionAndScale(size.max(1), scale))
}

fn in_zone(function: &mut Function) -> Option<Expr> {
    let [zone, time] = arguments(function)?;
    Some(call(AT_TIME_ZONE, vec![take(time), take(zone)], Span::empty()))
}

/// Returns the arguments of a call that has so many of them, and no names or clauses.
fn arguments<const COUNT: usize>(function: &mut Function) -> Option<[&mut Expr; COUNT]> {
    let FunctionArguments::List(list) = &mut function.args else { return None };
    let is_plain = |clause: &FunctionArgumentClause| matches!(clause, FunctionArgumentClause::OrderBy(order) if order.is_empty());
    if !list.clauses.iter().all(is_plain) {
        return None;
    }
    let values = list.args.iter_mut().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Some(value),
        _ => None,
    });
    values.collect::<Option<Vec<_>>>()?.try_into().ok()
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(
        value.value,
        Value::SingleQuotedString(_) | Value::EscapedStringLiteral(_) | Value::DollarQuotedString(_)
    ))
}
