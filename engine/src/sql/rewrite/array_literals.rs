//! Arrays of texts that are written as one text: `'{a,"b c"}'::text[]`. The engine below takes the
//! text for the one element.

use sqlparser::ast::{Array, ArrayElemTypeDef, DataType, Expr, Value};

use super::functions::null;

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
    let elem = is_text.then(|| items(text)).flatten()?;
    Some(Expr::Array(Array { elem, named: true }))
}

/// Returns the elements of a text such as `{a,"b, c",NULL}`; none if it is no array, or one of
/// arrays.
fn items(text: &str) -> Option<Vec<Expr>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut items = Vec::new();
    if inner.trim().is_empty() {
        return Some(items);
    }
    let mut characters = inner.chars();
    let (mut item, mut is_quoted, mut was_quoted) = (String::new(), false, false);
    while let Some(character) = characters.next() {
        match character {
            '\\' => item.push(characters.next()?),
            '"' => {
                is_quoted = !is_quoted;
                was_quoted = true;
            }
            '{' | '}' if !is_quoted => return None,
            ',' if !is_quoted => {
                items.push(element(&item, was_quoted)?);
                item.clear();
                was_quoted = false;
            }
            other => item.push(other),
        }
    }
    items.push(element(&item, was_quoted)?);
    (!is_quoted).then_some(items)
}

fn element(item: &str, is_quoted: bool) -> Option<Expr> {
    let item = if is_quoted { item } else { item.trim() };
    if !is_quoted && item.eq_ignore_ascii_case("null") {
        return Some(null());
    }
    let value = Value::SingleQuotedString(item.to_owned());
    (is_quoted || !item.is_empty()).then(|| Expr::Value(value.with_empty_span()))
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn texts_of_arrays_are_read() {
        let shown = |text| {
            items(text).map(|items| items.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(shown("{}").as_deref(), Some(&[][..]));
        let expected = ["'a'", "'b, c'", "NULL", "'NULL'", "'d\"'"].map(str::to_owned);
        assert_eq!(shown(r#"{a, "b, c",null,"NULL",d\"}"#).as_deref(), Some(&expected[..]));
        for text in ["a", "{a", "{a,}", "{{a},{b}}", "{\"a}", "{a\\"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
