//! Texts that stand for a day or a moment which the clock decides, `'today'::date`, and the clock
//! with fewer digits, `CURRENT_TIMESTAMP(0)`.

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments,
    TimezoneInfo, TypedString, Value,
};
use sqlparser::tokenizer::Span;

use super::functions::call;
use crate::sql::made::{self, cast};

/// Returns the expression that such a text or call stands for.
pub(super) fn of(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::Cast {
            kind: CastKind::Cast | CastKind::DoubleColon, expr: text, data_type, ..
        } => match text.as_ref() {
            Expr::Value(value) => moment(&value.value, data_type),
            _ => None,
        },
        Expr::TypedString(TypedString { data_type, value, .. }) => moment(&value.value, data_type),
        Expr::Function(function) => {
            let FunctionArguments::List(list) = &function.args else { return None };
            let [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] =
                list.args.as_slice()
            else {
                return None;
            };
            let Value::Number(digits, _) = &value.value else { return None };
            let digits = Some(digits.parse::<u64>().ok()?);
            let data_type = match function.name.to_string().to_lowercase().as_str() {
                "current_timestamp" => DataType::Timestamp(digits, TimezoneInfo::WithTimeZone),
                "localtimestamp" => DataType::Timestamp(digits, TimezoneInfo::None),
                "localtime" => DataType::Time(digits, TimezoneInfo::None),
                _ => return None,
            };
            Some(cast(now(&data_type), data_type))
        }
        _ => None,
    }
}

/// Returns the moment that a text of a type stands for, if the clock decides.
fn moment(text: &Value, data_type: &DataType) -> Option<Expr> {
    if !matches!(data_type, DataType::Date | DataType::Timestamp(..)) {
        return None;
    }
    let Value::SingleQuotedString(text) = text else { return None };
    let (op, days) = match text.trim().to_ascii_lowercase().as_str() {
        "now" => return Some(cast(now(data_type), data_type.clone())),
        "today" => (BinaryOperator::Plus, "0"),
        "tomorrow" => (BinaryOperator::Plus, "1"),
        "yesterday" => (BinaryOperator::Minus, "1"),
        _ => return None,
    };
    let today = call("current_date", Vec::new(), Span::empty());
    let right = Box::new(made::number(days));
    let day = Expr::BinaryOp { left: Box::new(today), op, right };
    Some(cast(Expr::Nested(Box::new(day)), data_type.clone()))
}

/// Returns the time of now, on the clocks of the session's zone where the type has none.
fn now(data_type: &DataType) -> Expr {
    let now = call("now", Vec::new(), Span::empty());
    match data_type {
        DataType::Timestamp(_, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => now,
        _ => call("to_local_time", vec![now], Span::empty()),
    }
}
