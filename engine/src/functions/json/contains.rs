//! What a JSON text contains: the operators `@>`, `?`, `?|` and `?&` of `jsonb`.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use godwit_udfs::JsonTree as Tree;

use super::super::plain::{Compute, Plain, takes};
use crate::error::{Code, Error, external};
use crate::functions::items;

/// The function that `json @> json` is.
pub(crate) const JSON_CONTAINS: &str = "jsonb_contains";

/// The function that `json ? key` is.
pub(crate) const JSON_EXISTS: &str = "jsonb_exists";

/// The function that `json ?| keys` is.
pub(crate) const JSON_EXISTS_ANY: &str = "jsonb_exists_any";

/// The function that `json ?& keys` is.
pub(crate) const JSON_EXISTS_ALL: &str = "jsonb_exists_all";

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    const TEXT: DataType = DataType::Utf8;
    let texts = || vec![takes(&[TEXT, TEXT])];
    let keys = || vec![takes(&[TEXT, DataType::new_list(TEXT, true)]), takes(&[TEXT, TEXT])];
    let function = |name, types, compute: Compute| {
        ScalarUDF::from(Plain::new(name, types, DataType::Boolean, compute))
    };
    vec![
        function(JSON_CONTAINS, texts(), |columns| {
            each(columns, |tree, others, row| {
                let part = Tree::parse(others.as_string::<i32>().value(row)).map_err(external)?;
                Ok(contains(tree, &part))
            })
        }),
        function(JSON_EXISTS, texts(), |columns| {
            each(columns, |tree, keys, row| Ok(has(tree, keys.as_string::<i32>().value(row))))
        }),
        function(JSON_EXISTS_ANY, keys(), |columns| {
            each(columns, |tree, keys, row| Ok(listed(keys, row)?.iter().any(|key| has(tree, key))))
        }),
        function(JSON_EXISTS_ALL, keys(), |columns| {
            each(columns, |tree, keys, row| Ok(listed(keys, row)?.iter().all(|key| has(tree, key))))
        }),
    ]
}

/// Returns an answer for each row whose arguments are not null.
fn each(
    columns: &[ArrayRef],
    answer: impl Fn(&Tree<'_>, &ArrayRef, usize) -> Result<bool>,
) -> Result<ArrayRef> {
    let [texts, others] = columns else { return exec_err!("two arguments are expected") };
    let texts = texts.as_string::<i32>();
    let answers = (0..texts.len()).map(|row| {
        if texts.is_null(row) || others.is_null(row) {
            return Ok(None);
        }
        let tree = Tree::parse(texts.value(row)).map_err(external)?;
        answer(&tree, others, row).map(Some)
    });
    Ok(Arc::new(answers.collect::<Result<BooleanArray>>()?))
}

/// Returns the keys of a row: a list of texts, or an array as one text.
fn listed(keys: &ArrayRef, row: usize) -> Result<Vec<String>> {
    if let Some(lists) = keys.as_list_opt::<i32>() {
        let keys = lists.value(row);
        return Ok(keys.as_string::<i32>().iter().flatten().map(str::to_owned).collect());
    }
    let text = keys.as_string::<i32>().value(row);
    let items = items(text).ok_or_else(|| no_array(text))?;
    let is_null = |text: &str, is_quoted: bool| !is_quoted && text.eq_ignore_ascii_case("null");
    let items = items.into_iter().filter(|item| !is_null(&item.text, item.is_quoted));
    Ok(items.map(|item| item.text).collect())
}

fn no_array(text: &str) -> DataFusionError {
    let message = format!("\"{text}\" is not an array of keys");
    external(Error::new(Code::InvalidText, message).with_hint("Type ARRAY['a', 'b'] or '{a,b}'."))
}

/// Returns whether a text is the name of a member, an element, or the string itself.
fn has(tree: &Tree<'_>, key: &str) -> bool {
    match tree {
        Tree::Object(members) => members.iter().any(|(name, _)| name == key),
        Tree::Array(elements) => {
            elements.iter().any(|element| matches!(element, Tree::Text(text) if text == key))
        }
        Tree::Text(text) => text == key,
        Tree::Word(_) => false,
    }
}

/// Returns whether a value contains another one. At the top an array contains its elements, too.
fn contains(whole: &Tree<'_>, part: &Tree<'_>) -> bool {
    match (whole, part) {
        (Tree::Array(elements), Tree::Word(_) | Tree::Text(_)) => {
            elements.iter().any(|element| includes(element, part))
        }
        _ => includes(whole, part),
    }
}

fn includes(whole: &Tree<'_>, part: &Tree<'_>) -> bool {
    match (whole, part) {
        (Tree::Object(members), Tree::Object(parts)) => parts.iter().all(|(name, part)| {
            // The last member of a name is the one that counts.
            let found = members.iter().rev().find(|(known, _)| known == name);
            found.is_some_and(|(_, member)| includes(member, part))
        }),
        (Tree::Array(elements), Tree::Array(parts)) => {
            parts.iter().all(|part| elements.iter().any(|element| includes(element, part)))
        }
        (Tree::Text(whole), Tree::Text(part)) => whole == part,
        (Tree::Word(whole), Tree::Word(part)) => whole == part || is_same_number(whole, part),
        _ => false,
    }
}

/// Returns whether two words are one number: `1`, `1.0` and `1e0`.
fn is_same_number(one: &str, other: &str) -> bool {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(left), Ok(right)) => left == right && digits(one) == digits(other),
        _ => false,
    }
}

/// Returns the digits of a number without those that say nothing, because numbers may be longer
/// than a double is.
fn digits(number: &str) -> String {
    let number = number.split(['e', 'E']).next().unwrap_or(number);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_contain_parts_as_in_postgresql() {
        for (whole, part, expected) in [
            (r#"{"a": 1, "b": {"c": [1, 2]}}"#, r#"{"b": {"c": [2]}}"#, true),
            (r#"{"a": 1}"#, r#"{"a": 1.0}"#, true),
            (r#"{"a": 10}"#, r#"{"a": 1e1}"#, true),
            (r#"{"a": 12345678901234567890}"#, r#"{"a": 12345678901234567891}"#, false),
            (r#"["a", "b"]"#, r#""a""#, true),
            (r#"[["a"]]"#, r#""a""#, false),
            (r#""a""#, r#"["a"]"#, false),
            ("[1, 2, 2]", "[2, 1, 1]", true),
            ("[[1, 2], 3]", "[[2]]", true),
            ("{}", "[]", false),
            ("null", "null", true),
            ("true", "false", false),
        ] {
            let (whole, part) = (Tree::parse(whole), Tree::parse(part));
            let (whole, part) = (whole.expect("JSON"), part.expect("JSON"));
            assert_eq!(contains(&whole, &part), expected, "{whole:?} {part:?}");
        }
    }
}
