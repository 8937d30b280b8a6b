//! Templates of dates and times as the steps of a reader.

use super::template::{Field, Piece, Pieces, Prefix, Spelling};

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

/// A field that is read.
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
    let mut steps: Vec<Step> = Pieces::of(template).map(step).collect();
    forget_widths(&mut steps);
    steps
}

fn step(piece: Piece) -> Step {
    match piece {
        Piece::Pattern(Spelling { field: Field::Exactness, .. }) => Step::Exactness,
        Piece::Pattern(Spelling { field, name, prefix, ordinal, .. }) => {
            let is_ordinal = ordinal.is_some();
            let is_counted = prefix != Some(Prefix::Bare) && !is_ordinal;
            let width = is_counted.then_some(digits(field, name));
            Step::Pattern(Pattern { field, name, width, is_ordinal })
        }
        Piece::Character { character, is_quoted: false }
            if is_blank(character) || is_sign(character) =>
        {
            Step::Separator
        }
        Piece::Character { character, .. } => Step::Character(character),
    }
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
            Step::Pattern(pattern) => pattern.field.is_number(),
            Step::Exactness | Step::Separator => false,
        };
    }
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
