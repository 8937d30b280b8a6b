//! A place in a text that is read by a template.

use std::str::Chars;

use super::steps::{is_blank, is_sign};

/// How much of a text messages show.
const SHOWN: usize = 12;

/// What is not read yet of a text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    rest: Chars<'a>,
    last: Option<char>,
    /// How many blanks and signs more were passed over than the template has.
    surplus: i64,
}

impl<'a> Cursor<'a> {
    /// Returns the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.chars(), last: None, surplus: 0 }
    }

    /// Returns whether everything is read.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.as_str().is_empty()
    }

    /// Returns the beginning of what is not read yet.
    pub(super) fn excerpt(&self) -> String {
        self.rest.clone().take(SHOWN).collect()
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// Passes over a character.
    pub(super) fn skip(&mut self) {
        self.last = self.rest.next().or(self.last);
    }

    /// Passes over a character if it is the given one.
    pub(super) fn skip_if(&mut self, wanted: char) -> bool {
        let is_wanted = self.peek() == Some(wanted);
        if is_wanted {
            self.skip();
        }
        is_wanted
    }

    /// Passes over blanks, and returns how many there were.
    pub(super) fn skip_blanks(&mut self) -> usize {
        let mut count = 0;
        while self.peek().is_some_and(is_blank) {
            self.skip();
            count += 1;
        }
        count
    }

    /// Passes over blanks behind a field, which separators of the template may stand for.
    pub(super) fn skip_blanks_behind(&mut self) {
        self.surplus = i64::try_from(self.skip_blanks()).unwrap_or(i64::MAX);
    }

    /// Passes over a blank or a sign, if there is one.
    pub(super) fn skip_separator(&mut self) {
        if self.peek().is_some_and(|next| is_blank(next) || is_sign(next)) {
            self.skip();
        } else {
            self.surplus -= 1;
        }
    }

    /// Passes over a character, unless a blank was passed over that can stand for it.
    pub(super) fn skip_character(&mut self) {
        if self.surplus > 0 {
            self.surplus -= 1;
        } else {
            self.skip();
        }
    }

    /// Reads the sign of an offset, and returns whether it is negative.
    ///
    /// It may have been taken for a separator; then it is one if the template has as many.
    pub(super) fn is_negative(&mut self) -> bool {
        match self.peek() {
            Some('-') => {
                self.skip();
                true
            }
            Some('+' | ' ') => {
                self.skip();
                false
            }
            _ => self.surplus > 0 && self.last == Some('-'),
        }
    }

    /// Reads a number of at most so many characters with its sign, unless there is none.
    ///
    /// Returns it and how many characters that were; a number too large is the largest.
    pub(super) fn number(&mut self, limit: usize) -> Option<(i64, usize)> {
        let is_negative = self.peek() == Some('-');
        let sign = usize::from(is_negative || self.peek() == Some('+'));
        if sign == 1 {
            self.skip();
        }
        let (mut value, mut length) = (0_i64, sign);
        while length < limit
            && let Some(digit) = self.peek().and_then(|next| next.to_digit(10))
        {
            self.skip();
            value = value.saturating_mul(10).saturating_add(i64::from(digit));
            length += 1;
        }
        (length > sign).then_some((if is_negative { -value } else { value }, length))
    }

    /// Reads the longest of the given names that is here, and returns which one it is.
    pub(super) fn name<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Option<i64> {
        let rest = self.rest.as_str();
        let is_here = |name: &str| {
            rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        let found = (0_i64..).zip(names).filter(|(_, name)| is_here(name));
        let (index, name) = found.max_by_key(|(_, name)| name.len())?;
        for _ in 0..name.len() {
            self.skip();
        }
        Some(index)
    }
}
