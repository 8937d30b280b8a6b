//! Casts whose type means a function: to a geometry, a box, JSON, a UUID or a text of some length.

use godwit_geometry::DeclaredKind;
use sqlparser::ast::{CastKind, CharacterLength, DataType, Expr, TypedString};
use sqlparser::tokenizer::Span;

use super::functions::{GEOGRAPHY_CAST, GEOMETRY_CAST, call};
use super::{array_literals, boxes, precisions};
use crate::error::Error;
use crate::functions::{UUID_CAST, json_cast};
use crate::sql::{GeometryModifiers, made};

/// Rewrites a cast whose type means a function, or whose value is spelled otherwise.
pub(super) fn rewrite(expr: &mut Expr) -> Result<(), Error> {
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

/// Returns the call that a cast to JSON is.
pub(super) fn of_json(expr: &mut Expr) -> Option<Expr> {
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

/// Returns the call that `geometry '...'` is, nothing if the type is another one.
pub(super) fn of_typed(typed: &TypedString) -> Result<Option<Expr>, Error> {
    let Some((function, modifiers)) = geometry_modifiers(&typed.data_type) else {
        return Ok(None);
    };
    geometry_cast(function, Expr::Value(typed.value.clone()), modifiers).map(Some)
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
