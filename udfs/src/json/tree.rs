//! JSON texts as trees, for what has to be put in order or changed.

use std::borrow::Cow;

use godwit_geometry::GeometryError;
use serde_json::value::RawValue;

use super::write_string;

/// How deep arrays and objects may stand in each other.
const MOST_LEVELS: usize = 512;

/// A value of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree<'a> {
    /// A number, `true`, `false` or `null`, as it is written.
    Word(&'a str),
    /// A string, without quotes and escapes.
    Text(Cow<'a, str>),
    /// The elements of an array.
    Array(Vec<Tree<'a>>),
    /// The members of an object as they stand there, several of one name included.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or is too deep.
    pub fn parse(text: &'a str) -> Result<Self, GeometryError> {
        // What follows knows that the grammar is kept.
        serde_json::from_str::<&RawValue>(text).map_err(|error| invalid(error.to_string()))?;
        value(&mut { text }, 0)
    }

    /// Returns whether the value is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Word("null"))
    }

    /// Writes the value without spaces.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Word(word) => out.push_str(word),
            Self::Text(text) => write_string(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write_string(name, out);
                    out.push(':');
                    member.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn invalid(reason: impl Into<String>) -> GeometryError {
    GeometryError::InvalidText { format: "JSON", reason: reason.into() }
}

fn value<'a>(rest: &mut &'a str, level: usize) -> Result<Tree<'a>, GeometryError> {
    if level > MOST_LEVELS {
        return Err(invalid(format!("it has more than {MOST_LEVELS} levels")));
    }
    skip_space(rest);
    if accept(rest, '[') {
        return array(rest, level).map(Tree::Array);
    }
    if accept(rest, '{') {
        return object(rest, level).map(Tree::Object);
    }
    if rest.starts_with('"') {
        return string(rest).map(Tree::Text);
    }
    let end = rest.find(|character: char| !is_of_word(character)).unwrap_or(rest.len());
    Ok(Tree::Word(take(rest, end)))
}

fn array<'a>(rest: &mut &'a str, level: usize) -> Result<Vec<Tree<'a>>, GeometryError> {
    let mut elements = Vec::new();
    while !accept(rest, ']') {
        if rest.is_empty() {
            return Err(invalid("an array does not end"));
        }
        elements.push(value(rest, level + 1)?);
        accept(rest, ',');
    }
    Ok(elements)
}

type Members<'a> = Vec<(Cow<'a, str>, Tree<'a>)>;

fn object<'a>(rest: &mut &'a str, level: usize) -> Result<Members<'a>, GeometryError> {
    let mut members = Vec::new();
    while !accept(rest, '}') {
        if rest.is_empty() {
            return Err(invalid("an object does not end"));
        }
        let name = string(rest)?;
        accept(rest, ':');
        members.push((name, value(rest, level + 1)?));
        accept(rest, ',');
    }
    Ok(members)
}

/// Reads a string, and copies it only if it has escapes.
fn string<'a>(rest: &mut &'a str) -> Result<Cow<'a, str>, GeometryError> {
    let mut is_escaped = false;
    let mut has_escapes = false;
    let end = rest.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        has_escapes |= is_escaped;
        is_end
    });
    let Some(end) = end else { return Err(invalid("a string does not end")) };
    let quoted = take(rest, end + 2);
    if has_escapes {
        let text = serde_json::from_str(quoted).map_err(|error| invalid(error.to_string()))?;
        return Ok(Cow::Owned(text));
    }
    Ok(Cow::Borrowed(quoted.trim_matches('"')))
}

/// Passes a character, if it is the next one that is no space.
fn accept(rest: &mut &str, character: char) -> bool {
    skip_space(rest);
    let behind = rest.strip_prefix(character);
    if let Some(behind) = behind {
        *rest = behind;
        skip_space(rest);
    }
    behind.is_some()
}

fn skip_space(rest: &mut &str) {
    *rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
}

/// Passes as many bytes.
fn take<'a>(rest: &mut &'a str, length: usize) -> &'a str {
    let (taken, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
    *rest = behind;
    taken
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '+' | '.')
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn trees_are_the_texts_without_spaces() {
        let cases = [
            (" [ 1 , -2.50e1,\"a\\u00e4\\\"\" , [ ] ] ", "[1,-2.50e1,\"a\u{e4}\\\"\",[]]"),
            ("{ \"a\" : { } , \"\\\\\" :null,\"a\":true}", "{\"a\":{},\"\\\\\":null,\"a\":true}"),
            ("\"\"", "\"\""),
            ("7", "7"),
        ];
        for (text, expected) in cases {
            let mut found = String::new();
            Tree::parse(text).unwrap().write(&mut found);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn texts_that_are_not_json_are_refused() {
        let deep = "[".repeat(600) + &"]".repeat(600);
        for text in ["", "{", "{a: 1}", "[1,]", "1 2", "nul", "\"\u{1}\"", "\"\\ud800\"", &deep] {
            assert!(Tree::parse(text).is_err(), "{text}");
        }
    }
}
