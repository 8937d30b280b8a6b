//! Templates of dates and times as the steps of a reader.

use super::template::{Field, PATTERNS};

/// What a part of a template stands for in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// From here on blanks count: the pattern `FX`.
    Exactness,
    /// A blank or a sign, which stands for any of them, or for none.
    Separator,
    /// Another character, which stands for any one.
    Character(char),
    Pattern(Pattern),
}

/// A field, and how it is spelled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pattern {
    pub(super) field: Field,
    pub(super) name: &'static str,
    /// How many characters its number has, if digits of something else follow.
    pub(super) width: Option<usize>,
    /// Whether two letters are behind its number, as in `2nd`.
    pub(super) is_ordinal: bool,
}

/// Returns the steps of a template.
pub(super) fn steps(template: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let unfilled = strip(rest, "FM");
        let start = unfilled.or_else(|| strip(rest, "TM")).unwrap_or(rest);
        rest = if let Some((name, field, behind)) = pattern(start) {
            let (is_ordinal, behind) = suffix(behind);
            let is_counted = unfilled.is_none() && !is_ordinal;
            let width = is_counted.then_some(digits(field, name));
            steps.push(Step::Pattern(Pattern { field, name, width, is_ordinal }));
            behind
        } else if let Some(behind) = strip(start, "FX") {
            steps.push(Step::Exactness);
            suffix(behind).1
        } else {
            characters(start, &mut steps)
        };
    }
    forget_widths(&mut steps);
    steps
}

/// Returns what is behind a word that a text begins with, all in capitals or all in small letters.
fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (found, behind) = text.split_at_checked(word.len())?;
    (found == word || is_lower(found, word)).then_some(behind)
}

fn is_lower(found: &str, word: &str) -> bool {
    found.bytes().eq(word.bytes().map(|letter| letter.to_ascii_lowercase()))
}

/// Returns the pattern that a text begins with, and what is behind it.
fn pattern(text: &str) -> Option<(&'static str, Field, &str)> {
    PATTERNS.iter().find_map(|(name, field)| {
        let behind = strip(text, name).or_else(|| strip_title(text, name, *field))?;
        Some((*name, *field, behind))
    })
}

/// Returns what is behind the pattern of a name with one capital.
fn strip_title<'a>(text: &'a str, name: &str, field: Field) -> Option<&'a str> {
    if !matches!(
        field,
        Field::MonthName | Field::ShortMonthName | Field::DayName | Field::ShortDayName
    ) {
        return None;
    }
    let (found, behind) = text.split_at_checked(name.len())?;
    let is_title = found.get(..1) == name.get(..1)
        && is_lower(found.get(1..).unwrap_or_default(), name.get(1..).unwrap_or_default());
    is_title.then_some(behind)
}

/// Returns whether a number is an ordinal one, and what is behind the letters that tell so.
fn suffix(behind: &str) -> (bool, &str) {
    match strip(behind, "TH") {
        Some(rest) => (true, rest),
        // Numbers that are spelled out are known to PostgreSQL by name only.
        None => (false, behind.strip_prefix("SP").unwrap_or(behind)),
    }
}

/// Reads a character or a quotation, and returns what is behind it.
fn characters<'a>(text: &'a str, steps: &mut Vec<Step>) -> &'a str {
    let mut characters = text.chars();
    match characters.next() {
        Some('"') => quotation(characters.as_str(), steps),
        Some('\\') if characters.as_str().starts_with('"') => {
            steps.push(Step::Separator);
            characters.next();
            characters.as_str()
        }
        Some(character) => {
            let is_separator = is_blank(character) || is_sign(character);
            steps.push(if is_separator { Step::Separator } else { Step::Character(character) });
            characters.as_str()
        }
        None => "",
    }
}

/// Reads text up to a quotation mark, and returns what is behind that.
fn quotation<'a>(text: &'a str, steps: &mut Vec<Step>) -> &'a str {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let quoted = match character {
            '"' => break,
            '\\' => characters.next(),
            other => Some(other),
        };
        steps.extend(quoted.map(Step::Character));
    }
    characters.as_str()
}

/// Returns whether a character is white space, of which there is none beyond ASCII.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r')
}

/// Returns whether a character is neither a blank, a letter nor a digit.
pub(super) fn is_sign(character: char) -> bool {
    character.is_ascii_punctuation()
}

/// Widens each number behind which no other digit can follow.
fn forget_widths(steps: &mut [Step]) {
    let mut has_digits_behind = false;
    for step in steps.iter_mut().rev() {
        if let Step::Pattern(pattern) = step
            && !has_digits_behind
        {
            pattern.width = None;
        }
        has_digits_behind = match step {
            Step::Character(character) => character.is_ascii_digit(),
            Step::Pattern(pattern) => is_number(pattern.field),
            Step::Exactness | Step::Separator => false,
        };
    }
}

/// Returns whether a field begins with a digit.
fn is_number(field: Field) -> bool {
    !matches!(
        field,
        Field::Meridiem
            | Field::DottedMeridiem
            | Field::Era
            | Field::DottedEra
            | Field::MonthName
            | Field::ShortMonthName
            | Field::RomanMonth
            | Field::DayName
            | Field::ShortDayName
            | Field::ZoneName
            | Field::Offset
            | Field::OffsetHours
    )
}

/// Returns how many digits a number has.
fn digits(field: Field, name: &str) -> usize {
    match field {
        Field::Hour12 | Field::Hour24 | Field::OffsetHours | Field::OffsetMinutes => 2,
        Field::IsoDayOfYear => 3,
        Field::IsoDayOfWeek => 1,
        Field::Fraction(digits) => usize::try_from(digits).unwrap_or(usize::MAX),
        // Other names are as long as what they stand for.
        _ => name.len(),
    }
}
