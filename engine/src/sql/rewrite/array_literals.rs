//! Arrays of texts that are written as one text: `'{a,"b c"}'::text[]`. The engine below takes the
//! text for the one element.

use sqlparser::ast::{Array, ArrayElemTypeDef, DataType, Expr, Value};

use super::functions::null;
use crate::functions::items;

/// Returns the array that a text literal stands for, if it is cast to an array of texts.
pub(super) fn of(value: &Expr, data_type: &DataType) -> Option<Expr> {
    let DataType::Array(
        ArrayElemTypeDef::SquareBracket(item, _)
        | ArrayElemTypeDef::AngleBracket(item)
        | ArrayElemTypeDef::Parenthesis(item),
    ) = data_type
    else {
        return None;
    };
    let is_text = matches!(
        item.as_ref(),
        DataType::Text
            | DataType::String(_)
            | DataType::Varchar(_)
            | DataType::CharacterVarying(_)
            | DataType::Char(_)
            | DataType::Character(_)
    );
    let Expr::Value(value) = value else { return None };
    let Value::SingleQuotedString(text) = &value.value else { return None };
    let elem = is_text.then(|| items(text)).flatten()?.into_iter().map(|item| {
        if !item.is_quoted && item.text.eq_ignore_ascii_case("null") {
            return null();
        }
        Expr::Value(Value::SingleQuotedString(item.text).with_empty_span())
    });
    Some(Expr::Array(Array { elem: elem.collect(), named: true }))
}
