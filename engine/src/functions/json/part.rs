//! A part of a JSON text, found without reading the rest into memory.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Error;
use serde_json::value::RawValue;

/// A step into a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// To the member of an object.
    Member(Cow<'a, str>),
    /// To the element of an array; those below zero count from its end.
    Element(i64),
    /// To the member of an object or the element of an array, whichever there is.
    Either(Cow<'a, str>),
}

/// Returns the text of a part, if there is one.
///
/// # Errors
///
/// The text is not JSON, as far as it had to be read.
pub(super) fn part<'a>(text: &'a str, step: &Step<'_>) -> Result<Option<&'a str>, Error> {
    match (first_byte(text), step) {
        (Some(b'{'), Step::Member(name) | Step::Either(name)) => member(text, name),
        (Some(b'['), Step::Element(place)) => element(text, *place),
        // As in PostgreSQL, blanks may be before a number, but not behind it.
        (Some(b'['), Step::Either(place)) => match place.trim_start().parse() {
            Ok(place) => element(text, place),
            Err(_) => check(text),
        },
        _ => check(text),
    }
}

/// Returns the text of what several steps lead to, if there is something; no step leads to all.
///
/// # Errors
///
/// The text is not JSON, as far as it had to be read.
pub(super) fn path<'a>(text: &'a str, steps: &[Step<'_>]) -> Result<Option<&'a str>, Error> {
    if steps.is_empty() {
        return serde_json::from_str(text).map(|all: &RawValue| Some(all.get()));
    }
    let mut at = text;
    for step in steps {
        match part(at, step)? {
            Some(inner) => at = inner,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// Returns a part as text: that of a string without its quotes, nothing of null.
///
/// # Errors
///
/// A string has an escape that means no character.
pub(super) fn as_text(part: &str) -> Result<Option<Cow<'_, str>>, Error> {
    match first_byte(part) {
        Some(b'"') => serde_json::from_str(part).map(|text: String| Some(Cow::Owned(text))),
        Some(b'n') => Ok(None),
        _ => Ok(Some(Cow::Borrowed(part))),
    }
}

/// Returns the texts of the elements of an array, nothing of what is none.
///
/// # Errors
///
/// The text is not JSON.
pub(super) fn elements(text: &str) -> Result<Option<Vec<&str>>, Error> {
    if first_byte(text) != Some(b'[') {
        return check(text).map(|_: Option<&str>| None);
    }
    let elements: Vec<&RawValue> = serde_json::from_str(text)?;
    Ok(Some(elements.into_iter().map(RawValue::get).collect()))
}

/// Returns the names of the members of an object as they stand there, nothing of what is none.
///
/// # Errors
///
/// The text is not JSON.
pub(super) fn names(text: &str) -> Result<Option<Vec<String>>, Error> {
    if first_byte(text) != Some(b'{') {
        return check(text).map(|_: Option<&str>| None);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let names = Names.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Some(names))
}

/// Returns the members of an object as they stand there, each with its name and its text, nothing of
/// what is none.
///
/// # Errors
///
/// The text is not JSON.
pub(super) fn members(text: &str) -> Result<Option<Vec<(String, &str)>>, Error> {
    if first_byte(text) != Some(b'{') {
        return check(text).map(|_: Option<&str>| None);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let members = Members.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Some(members))
}

/// Returns the byte that says what a JSON text is.
pub(super) fn first_byte(text: &str) -> Option<u8> {
    text.trim_start_matches([' ', '\t', '\n', '\r']).bytes().next()
}

/// Returns nothing of a text that is JSON but has no such part.
fn check<T>(text: &str) -> Result<Option<T>, Error> {
    serde_json::from_str::<IgnoredAny>(text).map(|_| None)
}

fn member<'a>(text: &'a str, name: &str) -> Result<Option<&'a str>, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let found = Member(name).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found.map(RawValue::get))
}

fn element(text: &str, place: i64) -> Result<Option<&str>, Error> {
    let elements: Vec<&RawValue> = serde_json::from_str(text)?;
    let distance = usize::try_from(place.unsigned_abs()).ok();
    let place = distance.and_then(|distance| {
        if place < 0 { elements.len().checked_sub(distance) } else { Some(distance) }
    });
    Ok(place.and_then(|place| elements.get(place)).map(|element| element.get()))
}

/// Looks for a member; the last one of a name counts.
struct Member<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(Name(name)) = members.next_key()? {
            if name == self.0 {
                found = Some(members.next_value()?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The name of a member, copied only if it has escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Gathers the names of members.
struct Names;

impl<'de> DeserializeSeed<'de> for Names {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Names {
    type Value = Vec<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::new();
        while let Some((name, _)) = members.next_entry::<String, IgnoredAny>()? {
            names.push(name);
        }
        Ok(names)
    }
}

/// Gathers members.
struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Vec<(String, &'de str)>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de str)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some((name, value)) = members.next_entry::<String, &'de RawValue>()? {
            found.push((name, value.get()));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, steps: &[Step<'_>]) -> Option<&'a str> {
        path(text, steps).unwrap()
    }

    #[test]
    fn parts_are_the_texts_that_stand_there() {
        let text = r#" {"a": {"b" : [1, 2.50, "x"]}, "a\u0062": null, "a": [ 7, {"c":1e3} ]} "#;
        let member = |name| Step::Member(Cow::Borrowed(name));
        assert_eq!(found(text, &[member("a")]), Some(r#"[ 7, {"c":1e3} ]"#));
        assert_eq!(found(text, &[member("ab")]), Some("null"));
        assert_eq!(found(text, &[member("a"), Step::Element(-1), member("c")]), Some("1e3"));
        assert_eq!(found(text, &[member("a"), Step::Element(-3)]), None);
        assert_eq!(found(text, &[Step::Element(0)]), None);
        assert_eq!(found(text, &[Step::Either("a".into()), Step::Either("0".into())]), Some("7"));
        assert_eq!(found("5", &[member("a")]), None);
        assert_eq!(found(" [5] ", &[]), Some("[5]"));
        assert_eq!(found("[5]", &[Step::Either(" 0".into())]), Some("5"));
        assert_eq!(found("[5]", &[Step::Either("0 ".into())]), None);
    }

    #[test]
    fn texts_that_are_not_json_are_refused() {
        for text in ["", "{", "{a: 1}", "[1,]", "{\"a\": 1} 2", "nul", "\"\u{1}\""] {
            assert!(path(text, &[]).is_err(), "{text}");
            assert!(part(text, &Step::Member("a".into())).is_err(), "{text}");
            assert!(elements(text).is_err(), "{text}");
            assert!(names(text).is_err(), "{text}");
            assert!(members(text).is_err(), "{text}");
        }
        // Deep nesting is an error or read, but no panic.
        let deep = "[".repeat(100_000);
        assert!(part(&deep, &Step::Element(0)).is_err());
    }

    #[test]
    fn strings_lose_their_quotes() {
        assert_eq!(as_text(r#""a\n\u00e4""#).unwrap().as_deref(), Some("a\nä"));
        assert_eq!(as_text("null").unwrap(), None);
        assert_eq!(as_text("[1, 2]").unwrap().as_deref(), Some("[1, 2]"));
        assert!(as_text(r#""\ud800""#).is_err());
    }
}
