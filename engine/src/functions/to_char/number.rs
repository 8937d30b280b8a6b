//! Numbers as text, by a template of `PostgreSQL`.

use std::fmt::Write as _;
use std::str::Chars;

use super::decimal::{Number, Rounded};
use super::letters::{Case, ordinal_letters};
use super::number_template::{Layout, Notation, NumberTemplate, Pattern, Piece, Side};

/// How many characters the exponent of a number has that is not among the digits.
const EXPONENT_WIDTH: usize = 4;
/// How many characters the longest Roman numeral has, 3888.
const ROMAN_WIDTH: usize = 15;
/// What Roman numerals are made of.
const ROMAN: [(u32, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

impl NumberTemplate {
    /// Returns a number, given as its plain decimal text, as the template writes it.
    ///
    /// The number may also be `NaN`, `Infinity` or `-Infinity`. The caller converts what it has: a
    /// double to the shortest plain decimal text that stands for it.
    pub(super) fn format(&self, decimal: &str) -> String {
        let number = Number::parse(decimal);
        if self.layout.notation == Notation::Scientific {
            return self.scientific(number);
        }
        let digits = Digits::of(number, &self.layout);
        let mut writer = Writer::new(&self.layout, &digits);
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => writer.text.push_str(text),
                Piece::Pattern(Pattern::Roman(case)) => writer.write_roman(number, *case),
                Piece::Pattern(pattern) => writer.write(*pattern),
            }
            if writer.is_done {
                break;
            }
        }
        writer.text
    }

    /// Returns a number with an exponent, which has none of the text of the template around it.
    fn scientific(&self, number: Number<'_>) -> String {
        let Layout { whole, fraction, .. } = self.layout;
        let Some(decimal) = number.decimal() else {
            return format!(" {}.{}", "#".repeat(whole), "#".repeat(fraction + EXPONENT_WIDTH));
        };
        let (number, exponent) = decimal.scaled(fraction);
        let sign = if number.is_negative { '-' } else { ' ' };
        let point = if fraction == 0 { "" } else { "." };
        format!("{sign}{}{point}{}e{exponent:+03}", number.whole, number.fraction)
    }
}

/// The digits of a number that a template has room for.
#[derive(Debug)]
struct Digits {
    is_negative: bool,
    is_overflow: bool,
    /// How many places of the template are before the first digit.
    blanks: usize,
    /// The digits, with a point among them when some are behind it.
    text: String,
}

impl Digits {
    fn of(number: Number<'_>, layout: &Layout) -> Self {
        let number = match number {
            Number::Decimal(decimal) => {
                decimal.rounded(layout.shift.unwrap_or_default(), layout.fraction)
            }
            Number::Name { is_negative, name } => {
                Rounded { is_negative, whole: name.to_owned(), fraction: String::new() }
            }
        };
        let Rounded { is_negative, whole, fraction } = number;
        let room = layout.digits_before_point();
        let blanks = room.checked_sub(whole.len());
        let text = match blanks {
            None => format!("{}.{}", "#".repeat(room), "#".repeat(layout.fraction)),
            Some(_) if fraction.is_empty() => whole,
            Some(_) => format!("{whole}.{fraction}"),
        };
        let is_overflow = blanks.is_none();
        Self { is_negative, is_overflow, blanks: blanks.unwrap_or_default(), text }
    }

    /// Returns the last character that is written where zeros at the end are left out.
    fn last_written(&self, layout: &Layout) -> Option<usize> {
        if !layout.is_bare || !layout.has_point || !self.text.contains('.') {
            return None;
        }
        let last_other = self.text.trim_end_matches('0').len().saturating_sub(1);
        // The point is a character more.
        Some(last_other.max(layout.last_zero.saturating_sub(self.blanks)))
    }
}

struct Writer<'a> {
    layout: &'a Layout,
    digits: &'a Digits,
    /// The characters of the number that are not yet written.
    rest: Chars<'a>,
    /// The last character that is written where zeros at the end are left out.
    last_written: Option<usize>,
    text: String,
    /// How many places of digits and points there were.
    place: usize,
    is_sign_written: bool,
    /// Whether a comma is between digits.
    is_in_number: bool,
    /// Whether nothing is written any more.
    is_done: bool,
}

impl<'a> Writer<'a> {
    fn new(layout: &'a Layout, digits: &'a Digits) -> Self {
        Self {
            layout,
            digits,
            rest: digits.text.chars(),
            last_written: digits.last_written(layout),
            text: String::new(),
            place: 0,
            is_sign_written: layout.signs.has_minus || layout.signs.side == Some(Side::Behind),
            is_in_number: false,
            is_done: false,
        }
    }

    fn write(&mut self, pattern: Pattern) {
        let is_negative = self.digits.is_negative;
        let is_roman = self.layout.notation == Notation::Roman;
        match pattern {
            Pattern::Digit | Pattern::Zero | Pattern::Point if is_roman => {}
            Pattern::Digit | Pattern::Zero | Pattern::Point => {
                self.write_place(pattern == Pattern::Zero);
            }
            Pattern::Group if self.is_in_number => self.text.push(','),
            Pattern::Currency => self.text.push(' '),
            // PostgreSQL ends a text where a Roman numeral has a sign.
            Pattern::AnySign if is_roman => self.is_done = true,
            Pattern::AnySign => self.text.push(self.sign()),
            Pattern::Minus if is_negative && !is_roman => self.text.push('-'),
            Pattern::Plus if !is_negative && !is_roman => self.text.push('+'),
            Pattern::Group | Pattern::Minus | Pattern::Plus => self.pad(),
            Pattern::Ordinal(case) => self.write_ordinal(case),
            _ => {}
        }
    }

    fn sign(&self) -> char {
        if self.digits.is_negative { '-' } else { '+' }
    }

    /// Writes a blank, unless blanks are left out.
    fn pad(&mut self) {
        if !self.layout.is_bare {
            self.text.push(' ');
        }
    }

    /// Writes what the number has where the template has a digit or a point.
    fn write_place(&mut self, is_zero: bool) {
        let index = self.place.checked_sub(self.digits.blanks);
        if let Some(index) = index {
            self.write_character(index, is_zero);
        } else if self.layout.first_zero.is_some_and(|first| first <= self.place) {
            self.write_sign();
            self.text.push('0');
            self.is_in_number = true;
        } else {
            self.pad();
        }
        self.place += 1;
        // PostgreSQL takes the next character for the end when it is the last to be written.
        let is_before_last =
            self.last_written.is_some() && self.last_written == index.map(|index| index + 1);
        if self.place == self.last_place() && !is_before_last {
            self.write_end();
        }
    }

    fn write_character(&mut self, index: usize, is_zero: bool) {
        let Some(character) = self.rest.next() else {
            // PostgreSQL ends a text at a point that the number does not have.
            self.is_done = true;
            return;
        };
        let layout = self.layout;
        if index == 0 && character == '0' && layout.first_zero.is_none() && layout.fraction > 0 {
            // The zero of a number below one is left out, but for that of zero.
            if self.last_written == Some(1) {
                self.write_sign();
                self.text.push(character);
            } else {
                self.pad();
            }
            return;
        }
        self.write_sign();
        let is_written = is_zero || self.last_written.is_none_or(|last| index <= last);
        if is_written {
            self.text.push(character);
        }
        self.is_in_number = is_written && character != '.';
    }

    /// Returns whether the number is between brackets, or blanks in place of them.
    fn has_brackets(&self) -> bool {
        let signs = &self.layout.signs;
        let is_positive = !self.digits.is_negative && !signs.has_plus && !signs.has_minus;
        signs.has_brackets && !(self.layout.is_bare && is_positive)
    }

    /// Writes the sign before the first digit.
    fn write_sign(&mut self) {
        if self.is_sign_written {
            return;
        }
        self.is_sign_written = true;
        if self.has_brackets() {
            self.text.push(if self.digits.is_negative { '<' } else { ' ' });
        } else if self.digits.is_negative || self.layout.signs.side.is_some() {
            self.text.push(self.sign());
        } else {
            self.pad();
        }
    }

    /// Returns how many places of digits and points there are before the sign behind them.
    fn last_place(&self) -> usize {
        let Layout { fraction, has_point, ref signs, .. } = *self.layout;
        let places = self.layout.digits_before_point() + fraction + usize::from(has_point);
        // PostgreSQL takes the place of a sign off, even though MI and SG have none among digits.
        let is_early = signs.has_brackets && signs.has_minus && self.digits.blanks == 0;
        places.saturating_sub(usize::from(is_early))
    }

    /// Writes the sign behind the last digit.
    fn write_end(&mut self) {
        if self.is_done {
            return;
        }
        if self.has_brackets() {
            self.text.push(if self.digits.is_negative { '>' } else { ' ' });
        } else if self.layout.signs.side == Some(Side::Behind) {
            self.text.push(self.sign());
        }
    }

    fn write_ordinal(&mut self, case: Case) {
        let digits = self.digits;
        let has_letters = self.layout.notation == Notation::Plain && !self.layout.has_point;
        if has_letters && !digits.is_negative && !digits.is_overflow {
            self.write_cased(ordinal_letters(&digits.text), case, 0);
        }
    }

    fn write_roman(&mut self, number: Number<'_>, case: Case) {
        let width = if self.layout.is_bare { 0 } else { ROMAN_WIDTH };
        self.write_cased(&roman(number), case, width);
    }

    /// Writes letters with blanks before them up to a width.
    fn write_cased(&mut self, letters: &str, case: Case, width: usize) {
        // A text takes what is written to it.
        let _ = write!(self.text, "{:>width$}", case.of(letters));
    }
}

/// Returns a number in Roman numerals, or what stands for one that they cannot write.
fn roman(number: Number<'_>) -> String {
    let number = number.decimal().map(|decimal| decimal.rounded(0, 0));
    let number = number.filter(|number| !number.is_negative);
    let mut rest = number.and_then(|number| number.whole.parse::<u32>().ok()).unwrap_or_default();
    if !(1..4000).contains(&rest) {
        return "#".repeat(ROMAN_WIDTH);
    }
    let mut text = String::new();
    for (value, letters) in ROMAN {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: &str, template: &str) -> String {
        NumberTemplate::parse(template).expect("a template").format(number)
    }

    #[test]
    fn numbers_are_written_as_by_postgresql() {
        let cases = [
            ("0", "9.9", "  .0"),
            ("0.1", "9.9", "  .1"),
            ("-0.1", "9.9", " -.1"),
            ("99.96", "9.9", " #.#"),
            ("-0.04", "99.9", "   .0"),
            ("0", "FM99.99", "0."),
            ("12", "FM99.99", "12."),
            ("0", "FM99.09", ".0"),
            ("-0.5", "FM0.99", "-0.5"),
            ("-1.5", "9909", "  -02"),
            ("1.5", "000", " 002"),
            ("1234", "9,999,999", "     1,234"),
            ("12", "9,999,999", "        12"),
            ("12", "FM9,999,999", "12"),
            ("-12", "0,000", "-0,012"),
            ("1234.5", "9G999D99", " 1,234.50"),
            ("-0.62", "99,.999", "   -.620"),
            ("1", "FM0.0,9,", "1.0,"),
            ("12", "S9999", "  +12"),
            ("-1234", "9999S", "1234-"),
            ("1234", "99S99", "+1234"),
            ("-0.5", "FM9.9S", ".5-"),
            ("12", "99MI", "12 "),
            ("-12", "MI999", "- 12"),
            ("-12", "999PL", " -12 "),
            ("12", "PL999", "+  12"),
            ("-12", "SG999", "- 12"),
            ("12", "999SG", " 12+"),
            ("1234", "99MI99", "12 34"),
            ("12", "999PR", "  12 "),
            ("-12", "999PR", " <12>"),
            ("12", "FM999PR", "12"),
            ("-1234", "99PR", "<##>"),
            ("-519333", "9999PRMI", "###>#-"),
            ("-372", "FM9PR", "<#>"),
            ("485", "RN", "        CDLXXXV"),
            ("485", "FMrn", "cdlxxxv"),
            ("4000", "FMRN", "###############"),
            ("-3", "\"a\"RN\"b\"", "a###############b"),
            ("111", "999th", " 111th"),
            ("-21", "999TH", " -21"),
            ("22", "999TH", "  22ND"),
            ("1.5", "99.9th", "  1.5"),
            ("12.45", "99V9", " 125"),
            ("-12", "FM99V999", "-12000"),
            ("NaN", "99V9", " NaN"),
            ("12345.678", "9.99EEEE", " 1.23e+04"),
            ("-0.0000123", "9.99EEEE", "-1.23e-05"),
            ("99999", "9.99EEEE", " 10.00e+04"),
            ("0", "\"x\"9EEEE", " 0e+00"),
            ("NaN", "9.9EEEE", " #.#####"),
            ("NaN", "999.9", " NaN"),
            ("-Infinity", "9.9", "-#.#"),
            ("Infinity", "FM999", "###"),
            ("12", "L999", "   12"),
            ("0", "B9.9", "  .0"),
            ("12", "C99SP", " 12"),
            ("12", "\"a\\\"b\"99 é", "a\"b 12 é"),
            ("12", "\\\"9\\99", "\" \\ 12"),
            ("12", "99\"", " 12"),
            ("5", "9.MI", "5"),
            ("5", "99x9", "  x 5"),
            ("5", "", ""),
            ("12345678901234567890.125", "FM99999999999999999999.99", "12345678901234567890.13"),
        ];
        for (number, template, text) in cases {
            assert_eq!(written(number, template), text, "{number} {template}");
        }
    }

    #[test]
    fn what_postgresql_refuses_to_write_has_no_letters_or_numerals() {
        assert_eq!(written("NaN", "RN"), "#".repeat(15));
        assert_eq!(written("10000000000", "RN"), "#".repeat(15));
        assert_eq!(written("NaN", "999th"), " NaN");
        assert_eq!(written("12", "TH"), "");
    }

    #[test]
    fn long_templates_are_written() {
        let count = 20_000;
        let digits = "9".repeat(count);
        assert_eq!(written("7", &digits), format!("{}7", " ".repeat(count)));
        assert_eq!(written("7", &format!("FM9V{digits}")), format!("7{}", "0".repeat(count)));
        assert_eq!(written(&digits, "9"), " #");
        assert_eq!(written(&digits, &digits), format!(" {digits}"));
        assert_eq!(written(&digits, "9EEEE"), " 10e+19999");
    }
}
