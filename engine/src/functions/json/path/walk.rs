//! The parts of a document that a path leads to. As where nobody says otherwise in `PostgreSQL`,
//! what is not there is nothing, and steps to members go into the elements of arrays.

use std::borrow::Cow;

use super::super::part::{self, as_text, elements, first_byte, members};
use super::compare::any_pair;
use super::read::{Condition, Operand, Path, Place, Question, Step, Value};

/// How many parts a path may lead to in a document of fewer letters: `[0, 0]` makes two of one.
const MOST_PARTS: usize = 100_000;

/// A part of a document, or what a step says of one.
pub(super) type Part<'a> = Cow<'a, str>;

/// Why a question has no answers.
#[derive(Debug)]
pub(super) enum Failure {
    /// The text is not JSON, as far as it had to be read.
    NotJson(serde_json::Error),
    /// The path leads to more parts than the document has letters, again and again to the same.
    TooManyParts,
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson(error)
    }
}

/// Returns the answers to a question.
pub(super) fn answers<'a>(question: &Question, text: &'a str) -> Result<Vec<Part<'a>>, Failure> {
    let whole = part::path(text, &[])?.unwrap_or(text);
    match question {
        Question::Parts(path) => parts(path, whole, whole),
        Question::Truth(condition) => {
            let word = match holds(condition, whole, whole)? {
                Some(true) => "true",
                Some(false) => "false",
                None => "null",
            };
            Ok(vec![Cow::Borrowed(word)])
        }
    }
}

fn parts<'a>(path: &Path, whole: &'a str, at: &'a str) -> Result<Vec<Part<'a>>, Failure> {
    let begin = if path.is_from_part { at } else { whole };
    let mut found = vec![Cow::Borrowed(begin)];
    for step in &path.steps {
        let mut next = Vec::new();
        for part in found {
            match part {
                Cow::Borrowed(part) => take(step, whole, part, &mut next)?,
                // What a method says has no parts but itself.
                Cow::Owned(part) => {
                    let mut own = Vec::new();
                    take(step, whole, &part, &mut own)?;
                    next.extend(own.into_iter().map(|part| Cow::Owned(part.into_owned())));
                }
            }
            check_count(&next, whole)?;
        }
        found = next;
    }
    Ok(found)
}

/// Fails if there are more parts than steps to different ones can lead to.
fn check_count(found: &[Part<'_>], whole: &str) -> Result<(), Failure> {
    if found.len() > whole.len().max(MOST_PARTS) { Err(Failure::TooManyParts) } else { Ok(()) }
}

/// Adds the parts that one step leads to.
fn take<'a>(
    step: &Step,
    whole: &str,
    at: &'a str,
    found: &mut Vec<Part<'a>>,
) -> Result<(), Failure> {
    match step {
        Step::Member(name) => {
            for object in unwrapped(at)? {
                let members = members(object)?.unwrap_or_default();
                // Of members of one name the last counts.
                let member = members.into_iter().rev().find(|(known, _)| known == name);
                found.extend(member.map(|(_, value)| Cow::Borrowed(value)));
            }
        }
        Step::Members => {
            for object in unwrapped(at)? {
                let members = members(object)?.unwrap_or_default();
                found.extend(members.into_iter().map(|(_, value)| Cow::Borrowed(value)));
            }
        }
        Step::Elements => found.extend(unwrapped(at)?.into_iter().map(Cow::Borrowed)),
        Step::Places(places) => {
            let elements = unwrapped(at)?;
            for (first, last) in places {
                let range = range(*first, *last, elements.len());
                let chosen = range.filter_map(|place| elements.get(place).copied());
                found.extend(chosen.map(Cow::Borrowed));
                check_count(found, whole)?;
            }
        }
        Step::Filter(condition) => {
            for part in unwrapped(at)? {
                if holds(condition, whole, part)? == Some(true) {
                    found.push(Cow::Borrowed(part));
                }
            }
        }
        Step::Size => {
            let size = elements(at)?.map_or(1, |elements| elements.len());
            found.push(Cow::Owned(size.to_string()));
        }
        Step::Type => found.push(Cow::Borrowed(match first_byte(at) {
            Some(b'{') => "\"object\"",
            Some(b'[') => "\"array\"",
            Some(b'"') => "\"string\"",
            Some(b't' | b'f') => "\"boolean\"",
            Some(b'n') => "\"null\"",
            _ => "\"number\"",
        })),
    }
    Ok(())
}

/// Returns the elements of an array; what is none is its only element.
fn unwrapped(text: &str) -> Result<Vec<&str>, Failure> {
    Ok(elements(text)?.unwrap_or_else(|| vec![text]))
}

fn range(first: Place, last: Option<Place>, count: usize) -> std::ops::Range<usize> {
    let place = |place: Place| match place {
        Place::FromStart(place) => Some(place),
        Place::FromEnd(before) => count.checked_sub(before.saturating_add(1)),
    };
    let (begin, end) = match (place(first), last.map(place)) {
        (Some(begin), None) => (begin, Some(begin)),
        (begin, Some(end)) => (begin.unwrap_or(0), end),
        (None, None) => return 0..0,
    };
    begin..end.map_or(0, |end| end.saturating_add(1).min(count))
}

/// Returns whether a condition holds; nothing where that cannot be said.
fn holds(condition: &Condition, whole: &str, at: &str) -> Result<Option<bool>, Failure> {
    Ok(match condition {
        Condition::Any(conditions) => first_of(conditions, true, whole, at)?,
        Condition::All(conditions) => first_of(conditions, false, whole, at)?,
        Condition::Not(condition) => holds(condition, whole, at)?.map(|holds| !holds),
        Condition::Exists(path) => Some(!parts(path, whole, at)?.is_empty()),
        Condition::Compare(left, comparison, right) => {
            let (left, right) = (values(left, whole, at)?, values(right, whole, at)?);
            any_pair(&left, *comparison, &right)
        }
        Condition::Matches(operand, expression) => {
            any_text(&values(operand, whole, at)?, |text| expression.is_match(text))
        }
        Condition::StartsWith(operand, start) => {
            any_text(&values(operand, whole, at)?, |text| text.starts_with(start))
        }
    })
}

/// Returns the answer that the first of several conditions decides, or the other one.
fn first_of(
    conditions: &[Condition],
    deciding: bool,
    whole: &str,
    at: &str,
) -> Result<Option<bool>, Failure> {
    let mut is_known = true;
    for condition in conditions {
        match holds(condition, whole, at)? {
            Some(holds) if holds == deciding => return Ok(Some(deciding)),
            Some(_) => {}
            None => is_known = false,
        }
    }
    Ok(is_known.then_some(!deciding))
}

/// Returns the values of an operand; nothing of objects and arrays.
fn values(operand: &Operand, whole: &str, at: &str) -> Result<Vec<Option<Value>>, Failure> {
    let path = match operand {
        Operand::Value(value) => return Ok(vec![Some(value.clone())]),
        Operand::Parts(path) => path,
    };
    let mut values = Vec::new();
    for part in parts(path, whole, at)? {
        for part in unwrapped(&part)? {
            values.push(value(part)?);
        }
    }
    Ok(values)
}

fn value(part: &str) -> Result<Option<Value>, Failure> {
    Ok(match first_byte(part) {
        Some(b'{' | b'[') => None,
        Some(b'"') => as_text(part)?.map(|text| Value::Text(text.into_owned())),
        Some(b'n') => Some(Value::Null),
        Some(b't') => Some(Value::Truth(true)),
        Some(b'f') => Some(Value::Truth(false)),
        _ => part.trim().parse().ok().map(Value::Number),
    })
}

fn any_text(values: &[Option<Value>], test: impl Fn(&str) -> bool) -> Option<bool> {
    let mut is_known = true;
    for value in values {
        match value {
            Some(Value::Text(text)) if test(text) => return Some(true),
            Some(Value::Text(_)) => {}
            _ => is_known = false,
        }
    }
    is_known.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;

    fn found(text: &str, path: &str) -> Option<String> {
        let question = read(path)?;
        Some(answers(&question, text).unwrap().join(" "))
    }

    #[test]
    fn parts_are_those_of_postgresql() {
        let text = r#"{"a": [1, 2, 3, "x"], "o": [{"k": "p", "n": 5}, {"k": "q", "n": 15}, {"k": null}], "s": {"t": true}}"#;
        for (path, expected) in [
            ("$.a[*]", "1 2 3 \"x\""),
            ("lax $.a[0, last]", "1 \"x\""),
            ("$.a[1 to 2]", "2 3"),
            ("$.a[last - 1]", "3"),
            ("$.a[9]", ""),
            ("$.o.k", "\"p\" \"q\" null"),
            ("$.o[*] ? (@.n > 10).k", "\"q\""),
            ("$.o ? (@.k == \"p\" || @.n == 15).n", "5 15"),
            ("$.o[*] ? (exists(@.n) && !(@.n < 10)).k", "\"q\""),
            ("$.o[*] ? (@.k == null).k", "null"),
            ("$.o[*].k ? (@ like_regex \"^P\" flag \"i\")", "\"p\""),
            ("$.o[*].k ? (@ starts with \"q\")", "\"q\""),
            ("$.a ? (@ >= 2)", "2 3"),
            ("$.s.*", "true"),
            ("$.a.size()", "4"),
            ("$.a[*].type()", "\"number\" \"number\" \"number\" \"string\""),
            ("$.\"s\".t", "true"),
            ("$.x.y", ""),
            ("$.a[*] > 2", "true"),
            ("$.s.t == false", "false"),
            ("$.o == 1", "null"),
        ] {
            assert_eq!(found(text, path).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(found("5", "$").as_deref(), Some("5"));
        assert_eq!(found("5", "$[0]").as_deref(), Some("5"));
    }

    #[test]
    fn parts_that_come_again_and_again_are_refused() {
        let twice = |text: &str, times: usize| {
            let question = read(&format!("${}", "[0, 0]".repeat(times))).unwrap();
            answers(&question, text).map(|parts| parts.len())
        };
        assert_eq!(twice("5", 10).unwrap(), 1024);
        for text in ["5", "[5]"] {
            assert!(matches!(twice(text, 60), Err(Failure::TooManyParts)));
        }
        let sizes = read(&format!("$.size(){}", "[0, 0]".repeat(60))).unwrap();
        assert!(answers(&sizes, "5").is_err());
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in [
            "",
            "a",
            "$.",
            "$[",
            "$[a]",
            "$ ? ()",
            "$ ? (@.a >)",
            "$.a b",
            "strict $.a",
            "$.a.nope()",
        ] {
            assert!(read(path).is_none(), "{path}");
        }
        let deep = format!("$ ? {}@.a == 1{}", "(".repeat(5_000), ")".repeat(5_000));
        assert!(read(&deep).is_none());
    }
}
