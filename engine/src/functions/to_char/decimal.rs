//! Decimal numbers as text.

use std::iter;

/// What the plain decimal text of a number stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number<'a> {
    /// A number with digits.
    Decimal(Decimal<'a>),
    /// `NaN` or `Infinity`.
    Name {
        /// Whether a minus sign is before the name.
        is_negative: bool,
        /// The name, without that sign.
        name: &'a str,
    },
}

/// The digits of a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal<'a> {
    is_negative: bool,
    /// What is before the decimal point, without zeros that do not count.
    whole: &'a str,
    /// What is behind it.
    fraction: &'a str,
}

/// A number with as many digits as are wanted.
#[derive(Debug, PartialEq)]
pub(super) struct Rounded {
    /// Whether the number is less than zero, also as it was rounded.
    pub(super) is_negative: bool,
    /// The digits before the decimal point, at least one.
    pub(super) whole: String,
    /// The digits behind it.
    pub(super) fraction: String,
}

impl<'a> Number<'a> {
    /// Takes the text of a number apart.
    pub(super) fn parse(text: &'a str) -> Self {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.bytes().chain(fraction.bytes()).all(|digit| digit.is_ascii_digit()) {
            Self::Decimal(Decimal { is_negative, whole: whole.trim_start_matches('0'), fraction })
        } else {
            Self::Name { is_negative, name: digits }
        }
    }

    /// Returns the digits, unless the number has a name in place of them.
    pub(super) fn decimal(self) -> Option<Decimal<'a>> {
        match self {
            Self::Decimal(decimal) => Some(decimal),
            Self::Name { .. } => None,
        }
    }
}

impl Decimal<'_> {
    /// Returns the number times a power of ten, with so many digits behind the decimal point.
    ///
    /// It is rounded half away from zero.
    pub(super) fn rounded(&self, shift: usize, places: usize) -> Rounded {
        self.with_point(self.whole.len() + shift, places)
    }

    /// Returns a number from one to ten and the power of ten that it is multiplied by.
    ///
    /// It is ten when it was rounded up to that: `PostgreSQL` chooses the power before it rounds.
    pub(super) fn scaled(&self, places: usize) -> (Rounded, i64) {
        let zeros = self.digits().take_while(|digit| *digit == '0').count();
        if zeros == self.whole.len() + self.fraction.len() {
            return (self.rounded(0, places), 0);
        }
        // No text has more characters than an i64 counts.
        let count = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX);
        (self.with_point(zeros + 1, places), count(self.whole.len()) - count(zeros) - 1)
    }

    fn digits(&self) -> impl Iterator<Item = char> {
        self.whole.chars().chain(self.fraction.chars())
    }

    /// Returns the digits with the decimal point behind the first so many of them.
    fn with_point(&self, point: usize, places: usize) -> Rounded {
        let mut digits = self.digits().chain(iter::repeat('0'));
        let mut kept: Vec<char> = digits.by_ref().take(point + places).collect();
        let mut carries = digits.next().is_some_and(|digit| digit >= '5');
        for digit in kept.iter_mut().rev() {
            if !carries {
                break;
            }
            carries = *digit == '9';
            *digit = next_digit(*digit);
        }
        let is_zero = !carries && kept.iter().all(|digit| *digit == '0');
        let mut whole: String = if carries { "1".to_owned() } else { String::new() };
        whole.extend(kept.iter().take(point).skip_while(|digit| !carries && **digit == '0'));
        if whole.is_empty() {
            whole.push('0');
        }
        let fraction = kept.iter().skip(point).collect();
        Rounded { is_negative: self.is_negative && !is_zero, whole, fraction }
    }
}

/// Returns the digit that is one more, and zero after nine.
fn next_digit(digit: char) -> char {
    digit.to_digit(10).and_then(|value| char::from_digit((value + 1) % 10, 10)).unwrap_or(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let cases = [
            ("2.5", 0, 0, "3", ""),
            ("-2.5", 0, 0, "-3", ""),
            ("0.0449", 0, 1, "0", "0"),
            ("-0.04", 0, 1, "0", "0"),
            ("99.95", 0, 1, "100", "0"),
            ("0.5", 0, 0, "1", ""),
            ("007", 0, 2, "7", "00"),
            ("1.2345", 2, 1, "123", "5"),
            ("12", 3, 0, "12000", ""),
            ("-0", 0, 0, "0", ""),
            ("", 0, 0, "0", ""),
        ];
        for (text, shift, places, whole, fraction) in cases {
            let decimal = Number::parse(text).decimal().expect("a number");
            let rounded = decimal.rounded(shift, places);
            let sign = if rounded.is_negative { "-" } else { "" };
            assert_eq!(format!("{sign}{}", rounded.whole), whole, "{text}");
            assert_eq!(rounded.fraction, fraction, "{text}");
        }
    }

    #[test]
    fn what_has_no_digits_has_a_name() {
        assert!(Number::parse("NaN").decimal().is_none());
        assert!(matches!(
            Number::parse("-Infinity"),
            Number::Name { is_negative: true, name: "Infinity" }
        ));
    }
}
