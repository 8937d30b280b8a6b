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
            } if *data_type == DataType::Bytea => read_bytes(value).map(|bytes| {
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
            _ => bytes(text),
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
        return Some(Expr::Value(Value::Number(text.to_owned(), false).with_empty_span()));
    }
    Some(Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(Expr::Value(Value::SingleQuotedString(text.to_owned()).with_empty_span())),
        data_type: DataType::Double(ExactNumberInfo::None),
        array: false,
        format: None,
    })
}

fn integer(text: &str) -> Option<Expr> {
    let number: i64 = text.trim().parse().ok()?;
    Some(Expr::Value(Value::Number(number.to_string(), false).with_empty_span()))
}

/// Returns the bytes of a literal that is cast to such.
fn read_bytes(value: &Expr) -> Result<Option<Expr>, Error> {
    let Some((text, _)) = quoted(value) else { return Ok(None) };
    bytes(text).map(Some).ok_or_else(|| {
        Error::new(Code::InvalidText, format!("\"{text}\" does not spell bytes"))
            .with_hint(r"Type '\x00ff'::bytea, or '\000\377'::bytea.")
    })
}

/// Returns the bytes that a text spells as `PostgreSQL` writes them: `\x00ff`, or characters of
/// which some are a backslash with three octal digits.
fn bytes(text: &str) -> Option<Expr> {
    let digits = match text.strip_prefix(r"\x") {
        Some(digits) => digits.split_ascii_whitespace().collect(),
        None => hexadecimal(&unescaped(text)?),
    };
    let is_hex = digits.len() % 2 == 0 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| Expr::Value(Value::HexStringLiteral(digits).with_empty_span()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).flatten().collect()
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'\\' {
            bytes.push(*first);
            rest = after;
        } else if let Some(after) = after.strip_prefix(b"\\") {
            bytes.push(b'\\');
            rest = after;
        } else {
            let (digits, after) = after.split_at_checked(3)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?);
            rest = after;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_both_spellings() {
        let hex = |text| bytes(text).map(|expr| expr.to_string());
        assert_eq!(hex(r"\x01 ff").as_deref(), Some("X'01ff'"));
        assert_eq!(hex(r"\001a\\\377").as_deref(), Some("X'01615cff'"));
        assert_eq!(hex(""), Some("X''".to_owned()));
        for wrong in [r"\x0", r"\xgg", r"\9", r"\400", r"\0", r"\08x"] {
            assert_eq!(hex(wrong), None, "{wrong}");
        }
    }

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
