//! Numbers placeholders: `?`, `$1` and `$name` all become `$1` to `$n`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{Query, Value, ValueWithSpan, VisitMut as _, VisitorMut};
use sqlparser::tokenizer::Location;

use super::{outcome, position};
use crate::error::{Code, Error};

/// The highest number a placeholder may have.
const MAX_PARAMETERS: usize = 65_535;

/// Numbers the placeholders of the queries of a statement and returns the name of each parameter as
/// the user wrote it, `$1` to `$n` for question marks.
pub(crate) fn number(mut queries: Vec<&mut Query>) -> Result<Vec<String>, Error> {
    let mut found = Find::default();
    for query in &mut queries {
        outcome(query.visit(&mut found))?;
    }
    let style = found.style()?;
    if style == Style::Numbered {
        let highest = found.marks.iter().filter_map(Mark::number).max().unwrap_or(0);
        return Ok((1..=highest).map(|number| format!("${number}")).collect());
    }
    // The tree is not walked in the order of the text.
    found.marks.sort_by_key(|mark| mark.place);
    // A statement may use a part of its text several times.
    found.marks.dedup_by_key(|mark| mark.place);
    let mut names: Vec<String> = Vec::new();
    let mut numbers = BTreeMap::new();
    for mark in &found.marks {
        let known = names.iter().position(|name| style == Style::Named && *name == mark.text);
        let index = known.unwrap_or_else(|| {
            let name = match style {
                Style::Named => mark.text.clone(),
                _ => format!("${}", names.len() + 1),
            };
            names.push(name);
            names.len() - 1
        });
        numbers.insert(mark.place, index + 1);
    }
    if names.len() > MAX_PARAMETERS {
        return Err(too_many());
    }
    let mut assign = Assign { numbers };
    for query in queries {
        outcome(query.visit(&mut assign))?;
    }
    Ok(names)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Marks,
    Numbered,
    Named,
}

#[derive(Debug)]
struct Mark {
    text: String,
    place: Location,
}

impl Mark {
    fn number(&self) -> Option<usize> {
        self.text.strip_prefix('$')?.parse().ok()
    }

    fn style(&self) -> Style {
        if self.text == "?" {
            Style::Marks
        } else if self.number().is_some() {
            Style::Numbered
        } else {
            Style::Named
        }
    }
}

#[derive(Debug, Default)]
struct Find {
    marks: Vec<Mark>,
}

impl Find {
    fn style(&self) -> Result<Style, Error> {
        let Some(first) = self.marks.first() else { return Ok(Style::Numbered) };
        let style = first.style();
        match self.marks.iter().find(|mark| mark.style() != style) {
            None => Ok(style),
            Some(other) => Err(Error::new(
                Code::SyntaxError,
                format!("the placeholders \"{}\" and \"{}\" do not mix", first.text, other.text),
            )
            .with_hint("Use only ?, only $1, $2, ... or only $name in one statement.")),
        }
    }
}

impl VisitorMut for Find {
    type Break = Error;

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<Error> {
        let Value::Placeholder(text) = &value.value else { return ControlFlow::Continue(()) };
        let mark = Mark { text: text.clone(), place: value.span.start };
        let is_known = text == "?" || text.starts_with('$') && text.len() > 1;
        let error = if !is_known {
            Error::new(Code::SyntaxError, format!("the placeholder \"{text}\" is not understood"))
                .with_hint("Use ?, $1 or $name.")
        } else if mark.number().is_some_and(|number| number == 0 || number > MAX_PARAMETERS) {
            too_many()
        } else {
            self.marks.push(mark);
            return ControlFlow::Continue(());
        };
        ControlFlow::Break(match position(value.span) {
            Some(position) => error.with_position(position),
            None => error,
        })
    }
}

fn too_many() -> Error {
    Error::new(
        Code::LimitExceeded,
        format!("placeholders are numbered from $1 to ${MAX_PARAMETERS}"),
    )
}

struct Assign {
    numbers: BTreeMap<Location, usize>,
}

impl VisitorMut for Assign {
    type Break = Error;

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<Error> {
        if let Value::Placeholder(text) = &mut value.value
            && let Some(number) = self.numbers.get(&value.span.start)
        {
            *text = format!("${number}");
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Statement, parse};

    fn numbered(sql: &str) -> Result<(Vec<String>, String), Error> {
        let Statement::Query(mut query) = parse(sql)? else {
            return Err(Error::new(Code::Internal, "not a query"));
        };
        let names = number(vec![query.as_mut()])?;
        Ok((names, query.to_string()))
    }

    #[test]
    fn question_marks_are_numbered_in_the_order_of_the_text() {
        let (names, sql) =
            numbered("SELECT ? FROM t WHERE a = ? OFFSET ? LIMIT ?").expect("numbers");
        assert_eq!(names, ["$1", "$2", "$3", "$4"]);
        assert!(sql.contains("SELECT $1") && sql.contains("a = $2"), "{sql}");
        assert!(sql.contains("OFFSET $3") && sql.contains("LIMIT $4"), "{sql}");
    }

    #[test]
    fn a_name_used_twice_is_one_parameter() {
        let (names, sql) = numbered("SELECT $a, $b, $a").expect("numbers");
        assert_eq!(names, ["$a", "$b"]);
        assert_eq!(sql, "SELECT $1, $2, $1");
    }

    #[test]
    fn numbers_may_have_gaps() {
        assert_eq!(numbered("SELECT $3").expect("numbers").0, ["$1", "$2", "$3"]);
    }

    #[test]
    fn mixed_and_huge_placeholders_are_refused() {
        assert_eq!(numbered("SELECT ?, $1").expect_err("mixed").code, Code::SyntaxError);
        assert_eq!(numbered("SELECT $99999999").expect_err("huge").code, Code::LimitExceeded);
        assert_eq!(numbered("SELECT $0").expect_err("zero").code, Code::LimitExceeded);
    }
}
