//! Arrays that are written as one text: `'{a,"b c"}'::text[]`. The engine below takes the text for
//! the one element.

use sqlparser::ast::{Array, ArrayElemTypeDef, DataType, Expr, Value};

use crate::functions::items;
use crate::sql::made;

/// Returns the array of texts that a text literal stands for, if it is cast to an array; the cast
/// reads them.
pub(super) fn of(value: &Expr, data_type: &DataType) -> Option<Expr> {
    let DataType::Array(
        ArrayElemTypeDef::SquareBracket(item, _)
        | ArrayElemTypeDef::AngleBracket(item)
        | ArrayElemTypeDef::Parenthesis(item),
    ) = data_type
    else {
        return None;
    };
    // What lists there are in lists is not written so, and geometries have commas of their own.
    if matches!(item.as_ref(), DataType::Array(_) | DataType::Custom(..)) {
        return None;
    }
    let Expr::Value(value) = value else { return None };
    let Value::SingleQuotedString(text) = &value.value else { return None };
    let elem = items(text)?.into_iter().map(|item| {
        if !item.is_quoted && item.text.eq_ignore_ascii_case("null") {
            return made::null();
        }
        made::text(item.text)
    });
    Some(Expr::Array(Array { elem: elem.collect(), named: true }))
}
