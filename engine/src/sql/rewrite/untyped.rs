//! Reads literals without a type as what they stand for: `ST_MakePoint('NaN', '1.5')` takes numbers,
//! `ST_GeomFromWKB('\x0101...')` bytes.

use std::ops::ControlFlow;

use godwit_udfs::{Place, Untyped, untyped_literal};
use sqlparser::ast::{
    CastKind, DataType, ExactNumberInfo, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, ObjectNamePart, Query, Value, VisitMut as _, VisitorMut,
};
use sqlparser::tokenizer::Span;

use super::{outcome, position};
use crate::error::{Code, Error};
use crate::functions::read_bytes;
use crate::sql::made;

/// Gives the literals of every call the type they are read as.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Literals))
}

struct Literals;

impl VisitorMut for Literals {
    type Break = Error;

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let changed = match expr {
            Expr::Function(function) => read_arguments(function),
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr: value,
                data_type,
                ..
            } if *data_type == DataType::Bytea => bytes_of(value).map(|bytes| {
                if let Some(bytes) = bytes {
                    *expr = bytes;
                }
            }),
            _ => Ok(()),
        };
        match changed {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

fn read_arguments(function: &mut Function) -> Result<(), Error> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return Ok(()) };
    let FunctionArguments::List(list) = &mut function.args else { return Ok(()) };
    let count = list.args.len();
    for (index, argument) in list.args.iter_mut().enumerate() {
        let (place, value) = match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => (Place::Index(index), value),
            FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => {
                (Place::Name(&name.value), value)
            }
            _ => continue,
        };
        let Some((text, span)) = quoted(value) else { continue };
        let Some(read_as) = untyped_literal(&name.value, count, place) else { continue };
        let literal = match read_as {
            Untyped::Float => float(text),
            Untyped::Integer => integer(text),
            _ => read_bytes(text).ok().map(|bytes| hexadecimal(&bytes)),
        };
        *value = literal.ok_or_else(|| {
            let wanted = match read_as {
                Untyped::Float => "a number",
                Untyped::Integer => "a whole number",
                _ => "bytes",
            };
            let message =
                format!("\"{text}\" is not {wanted}, as argument {} of {name} is", index + 1);
            let error = Error::new(Code::InvalidText, message);
            match position(span) {
                Some(position) => error.with_position(position),
                None => error,
            }
        })?;
    }
    Ok(())
}

/// Returns the text of a literal and where it stands.
fn quoted(value: &Expr) -> Option<(&str, Span)> {
    let Expr::Value(value) = value else { return None };
    match &value.value {
        Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => {
            Some((text, value.span))
        }
        _ => None,
    }
}

fn float(text: &str) -> Option<Expr> {
    let text = text.trim();
    let number: f64 = text.parse().ok()?;
    if number.is_finite() {
        return Some(made::number(text));
    }
    Some(made::cast(made::text(text), DataType::Double(ExactNumberInfo::None)))
}

fn integer(text: &str) -> Option<Expr> {
    let number: i64 = text.trim().parse().ok()?;
    Some(made::number(number.to_string()))
}

/// Returns the bytes of a literal that is cast to such.
fn bytes_of(value: &Expr) -> Result<Option<Expr>, Error> {
    let Some((text, _)) = quoted(value) else { return Ok(None) };
    Ok(Some(hexadecimal(&read_bytes(text)?)))
}

fn hexadecimal(bytes: &[u8]) -> Expr {
    let digit = |value: u8| char::from_digit(u32::from(value), 16);
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).flatten();
    Expr::Value(Value::HexStringLiteral(digits.collect()).with_empty_span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let shown = |expr: Option<Expr>| expr.map(|expr| expr.to_string());
        assert_eq!(shown(float(" -1.50 ")).as_deref(), Some("-1.50"));
        assert_eq!(shown(float("-Infinity")).as_deref(), Some("CAST('-Infinity' AS DOUBLE)"));
        assert_eq!(shown(float("1.5x")), None);
        assert_eq!(shown(integer("12")).as_deref(), Some("12"));
        assert_eq!(shown(integer("1.5")), None);
    }
}
