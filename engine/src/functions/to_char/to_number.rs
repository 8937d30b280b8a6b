//! `to_number`: the number that a text has by a template of `PostgreSQL`.

use std::iter::Peekable;
use std::str::Chars;

use super::number_template::{Layout, Notation, NumberTemplate, Pattern, Piece};

impl NumberTemplate {
    /// Returns the plain decimal text of the number that a text has.
    ///
    /// An empty template reads no number, for which `PostgreSQL` returns NULL.
    pub(super) fn read(&self, text: &str) -> Result<String, String> {
        match self.layout.notation {
            Notation::Plain => {}
            Notation::Roman => return Err("no number is read by the pattern RN".to_owned()),
            Notation::Scientific => {
                return Err("no number is read by the pattern EEEE".to_owned());
            }
        }
        let mut reader = Reader::new(&self.layout, text);
        for piece in &self.pieces {
            if reader.rest.peek().is_none() {
                break;
            }
            match piece {
                Piece::Text(text) => text.chars().for_each(|_| reader.skip()),
                Piece::Pattern(pattern) => reader.read(*pattern),
            }
        }
        reader.number(text)
    }
}

struct Reader<'a> {
    layout: &'a Layout,
    rest: Peekable<Chars<'a>>,
    sign: Option<char>,
    whole: String,
    /// What is behind the decimal point, once that was there.
    fraction: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(layout: &'a Layout, text: &'a str) -> Self {
        let rest = text.chars().peekable();
        Self { layout, rest, sign: None, whole: String::new(), fraction: None }
    }

    fn skip(&mut self) {
        self.rest.next();
    }

    /// Reads what a pattern stands for.
    fn read(&mut self, pattern: Pattern) {
        match pattern {
            Pattern::Digit | Pattern::Zero | Pattern::Point => {
                self.read_place(pattern != Pattern::Point);
                // Whatever was there, a place is a character.
                self.skip();
            }
            // PostgreSQL has no groups of digits where blanks are left out.
            Pattern::Group if self.layout.is_bare => {}
            Pattern::Group => {
                self.rest.next_if_eq(&',');
            }
            Pattern::Minus => self.read_sign(&['-']),
            Pattern::Plus => self.read_sign(&['+']),
            Pattern::AnySign => self.read_sign(&['-', '+']),
            Pattern::Currency => self.skip_others(1),
            Pattern::Ordinal(_) if !self.layout.has_point => self.skip_others(2),
            _ => {}
        }
    }

    /// Reads a sign, or skips what is none.
    fn read_sign(&mut self, signs: &[char]) {
        match self.rest.next_if(|character| signs.contains(character)) {
            Some(sign) => self.sign = Some(sign),
            None => self.skip_others(1),
        }
    }

    /// Skips at most so many characters that numbers do not have.
    fn skip_others(&mut self, count: usize) {
        for _ in 0..count {
            self.rest.next_if(|character| !matches!(character, '0'..='9' | '.' | ',' | '+' | '-'));
        }
    }

    /// Reads a digit or a decimal point without going past it, and signs around it.
    fn read_place(&mut self, is_digit: bool) {
        self.rest.next_if_eq(&' ');
        if is_digit && self.sign.is_none() && self.has_no_digits() {
            self.read_sign_before();
        }
        let Some(character) = self.rest.peek().copied() else {
            return;
        };
        let is_read = self.take(character);
        if self.sign.is_some() || self.has_no_digits() {
            return;
        }
        let signs = &self.layout.signs;
        if signs.side.is_some() {
            if is_read {
                self.read_sign_behind();
            }
        } else if signs.has_plus || signs.has_minus {
            self.sign = Some(character).filter(|character| is_sign(*character));
        }
    }

    fn read_sign_before(&mut self) {
        let has_brackets = self.layout.signs.has_brackets;
        let is_before = |character: &char| is_sign(*character) || has_brackets && *character == '<';
        if let Some(sign) = self.rest.next_if(is_before) {
            self.sign = Some(if sign == '+' { '+' } else { '-' });
        }
    }

    /// Reads the sign that is behind the next character, which it goes to.
    fn read_sign_behind(&mut self) {
        let mut ahead = self.rest.clone();
        ahead.next();
        if let Some(sign) = ahead.next_if(|character| is_sign(*character)) {
            self.sign = Some(sign);
            self.skip();
        }
    }

    fn has_no_digits(&self) -> bool {
        self.whole.is_empty() && self.fraction.as_ref().is_none_or(String::is_empty)
    }

    /// Takes a digit that there is room for or a decimal point, and returns whether it is one.
    fn take(&mut self, character: char) -> bool {
        match &mut self.fraction {
            Some(fraction) if character.is_ascii_digit() => {
                let has_room = fraction.len() < self.layout.fraction;
                if has_room {
                    fraction.push(character);
                }
                has_room
            }
            None if character.is_ascii_digit() => {
                self.whole.push(character);
                true
            }
            None if character == '.' && self.layout.has_point => {
                self.fraction = Some(String::new());
                true
            }
            _ => false,
        }
    }

    /// Returns what was read of a text.
    fn number(self, text: &str) -> Result<String, String> {
        if self.has_no_digits() {
            return Err(format!("\"{text}\" has no digits where the template has them"));
        }
        let fraction = self.fraction.unwrap_or_default();
        let whole = self.whole.trim_start_matches('0');
        let room = self.layout.digits_before_point();
        if whole.len() > room {
            return Err(format!(
                "\"{text}\" has {} digits before the decimal point, the template has {room}",
                whole.len()
            ));
        }
        let shift = self.layout.shift.unwrap_or_default();
        let zeros = "0".repeat(shift.saturating_sub(whole.len()));
        let point = whole.len().saturating_sub(shift);
        let mut digits = zeros.chars().chain(whole.chars()).chain(fraction.chars()).peekable();
        let is_zero = digits.clone().all(|digit| digit == '0');
        let sign = if self.sign == Some('-') && !is_zero { "-" } else { "" };
        let mut number = sign.to_owned();
        if point == 0 {
            number.push('0');
        }
        number.extend(digits.by_ref().take(point));
        if digits.peek().is_some() {
            number.push('.');
        }
        number.extend(digits);
        Ok(number)
    }
}

fn is_sign(character: char) -> bool {
    matches!(character, '-' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, template: &str) -> Option<String> {
        NumberTemplate::parse(template).expect("a template").read(text).ok()
    }

    #[test]
    fn numbers_are_read_as_by_postgresql() {
        let cases = [
            ("12,454.8-", "99G999D9S", Some("-12454.8")),
            ("-12.50", "99.99", Some("-12.50")),
            (" 12.5", "99.99", Some("12.5")),
            ("1 2", "999", Some("12")),
            (".5", "9.9", Some("0.5")),
            ("-.5", "9.9", Some("-0.5")),
            ("5.", "9.9", Some("5")),
            ("0", "9.9", Some("0")),
            ("-0", "9", Some("0")),
            ("abc", "999", None),
            ("", "999", None),
            ("NaN", "999", None),
            ("12-", "S99", Some("-12")),
            ("12-", "99MI", Some("-12")),
            ("12-", "99", Some("12")),
            ("- 12", "MI99", Some("-12")),
            ("+12", "SG99", Some("12")),
            ("<12>", "99PR", Some("-12")),
            ("12", "99PR", Some("12")),
            ("$12", "L99", Some("12")),
            ("12th", "99th", Some("12")),
            ("abc12", "\"abc\"99", Some("12")),
            ("12345", "x99", Some("23")),
            ("1,234", "9,999", Some("1234")),
            ("1,234", "FM9,999", Some("123")),
            ("1234", "9.99", None),
            ("1234.567", "9999.99", Some("1234.56")),
            ("1234", "99V99", Some("12.34")),
            ("5", "9V99", Some("0.05")),
            ("XIV", "RN", None),
            ("1e3", "9EEEE", None),
            ("12.5.6", "9999.99", Some("12.56")),
            ("12345678901234567890.5", "99999999999999999999.9", Some("12345678901234567890.5")),
        ];
        for (text, template, expected) in cases {
            assert_eq!(number(text, template).as_deref(), expected, "{text} {template}");
        }
    }

    #[test]
    fn long_templates_are_read() {
        let digits = "9".repeat(20_000);
        assert_eq!(number(&digits, &digits).as_ref(), Some(&digits));
        let shifted = number("7", &format!("9V{digits}")).expect("a number");
        assert_eq!(shifted.len(), 20_002);
        assert_eq!(number("7", ""), None);
    }
}
