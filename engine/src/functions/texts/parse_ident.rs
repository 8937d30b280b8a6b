//! `parse_ident(name)`: the parts of a qualified name, as SQL reads it.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, ListBuilder, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// Returns the function. With `false` behind the name, what follows it is left alone.
pub(super) fn parse_ident() -> ScalarUDF {
    let types = vec![takes(&[DataType::Utf8]), takes(&[DataType::Utf8, DataType::Boolean])];
    let returns = DataType::new_list(DataType::Utf8, true);
    Plain::new("parse_ident", types, returns, read_all).into()
}

fn read_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (names, is_strict) = match columns {
        [names] => (names, None),
        [names, is_strict] => (names, Some(is_strict.as_boolean())),
        _ => return exec_err!("one name is expected"),
    };
    let mut lists = ListBuilder::new(StringBuilder::new());
    for (row, name) in names.as_string::<i32>().iter().enumerate() {
        let is_known = is_strict.is_none_or(|is_strict| is_strict.is_valid(row));
        let Some(name) = name.filter(|_| is_known) else {
            lists.append(false);
            continue;
        };
        let is_strict = is_strict.is_none_or(|is_strict| is_strict.value(row));
        for part in read(name, is_strict).map_err(external)? {
            lists.values().append_value(part);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

/// Returns the parts of a name.
fn read(name: &str, is_strict: bool) -> std::result::Result<Vec<String>, Error> {
    let invalid = |hint: &str| {
        let message = format!("string is not a valid identifier: \"{name}\"");
        Error::new(Code::InvalidParameter, message).with_hint(hint)
    };
    let mut parts = Vec::new();
    let mut characters = name.chars().peekable();
    skip_blanks(&mut characters);
    loop {
        let part = if characters.next_if_eq(&'"').is_some() {
            let part = quoted(&mut characters);
            part.ok_or_else(|| invalid("A name in quotes ends in a quote."))?
        } else {
            plain(&mut characters)
        };
        if part.is_empty() {
            return Err(invalid("Type names with points between them, as in a.\"B c\"."));
        }
        parts.push(part);
        skip_blanks(&mut characters);
        if characters.next_if_eq(&'.').is_none() {
            break;
        }
        skip_blanks(&mut characters);
    }
    if is_strict && characters.peek().is_some() {
        return Err(invalid("With false as the second argument, what follows is left out."));
    }
    Ok(parts)
}

fn skip_blanks(characters: &mut Peekable<Chars<'_>>) {
    while characters.next_if(char::is_ascii_whitespace).is_some() {}
}

/// Returns the name in quotes, if there is an end of it.
fn quoted(characters: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut part = String::new();
    loop {
        match characters.next()? {
            '"' if characters.next_if_eq(&'"').is_none() => return Some(part),
            character => part.push(character),
        }
    }
}

/// Returns the name without quotes, in lower case; nothing where none begins.
fn plain(characters: &mut Peekable<Chars<'_>>) -> String {
    let mut part = String::new();
    let begins = |character: char| character.is_ascii_alphabetic() || character == '_';
    while let Some(character) = characters.next_if(|&character| {
        begins(character)
            || !character.is_ascii()
            || (!part.is_empty() && (character.is_ascii_digit() || character == '$'))
    }) {
        part.push(character.to_ascii_lowercase());
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_parts() {
        let parts = |name| read(name, true).ok();
        let of = |parts: &[&str]| -> Option<Vec<String>> {
            Some(parts.iter().map(|&part| part.to_owned()).collect())
        };
        assert_eq!(parts(" A . \"B c\" . d1"), of(&["a", "B c", "d1"]));
        assert_eq!(parts("\"a\"\"b\""), of(&["a\"b"]));
        assert_eq!(parts("é.a$1._x"), of(&["é", "a$1", "_x"]));
        for name in ["", "a.", ".a", "a b", "1a", "a..b", "\"", "\"\"", "a.b()"] {
            assert_eq!(parts(name), None, "{name}");
        }
        assert_eq!(read("a.b()", false).ok(), of(&["a", "b"]));
    }
}
