//! Templates of numbers, as `PostgreSQL` reads them.

use super::letters::Case;

/// What a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pattern {
    /// A digit, `9`.
    Digit,
    /// A digit that is there even when it does not count, `0`.
    Zero,
    /// The decimal point, `.` or `D`.
    Point,
    /// What is between groups of digits, `,` or `G`.
    Group,
    /// The sign next to the digits, `S`.
    Sign,
    /// The sign of negative numbers, `MI`.
    Minus,
    /// The sign of other numbers, `PL`.
    Plus,
    /// The sign of any number, `SG`.
    AnySign,
    /// Brackets around negative numbers, `PR`.
    Brackets,
    /// The number in Roman numerals, `RN`.
    Roman(Case),
    /// The letters behind an ordinal number, `TH`.
    Ordinal(Case),
    /// The symbol of a currency, `L`, which is a blank where there is no locale.
    Currency,
    /// What multiplies the number by ten for each digit behind it, `V`.
    Shift,
    /// The exponent of the number, `EEEE`.
    Exponent,
    /// What leaves out blanks and zeros, `FM`.
    Bare,
    /// Blanks in place of the zero before a decimal point, which are there without it, `B`.
    Blank,
    /// What `PostgreSQL` knows and does not act upon, `C` and `SP`.
    Nothing,
}

/// The patterns; of those that begin alike, the longer come first.
const PATTERNS: [(&str, Pattern); 22] = [
    ("EEEE", Pattern::Exponent),
    ("FM", Pattern::Bare),
    ("MI", Pattern::Minus),
    ("PL", Pattern::Plus),
    ("PR", Pattern::Brackets),
    ("rn", Pattern::Roman(Case::Lower)),
    ("RN", Pattern::Roman(Case::Upper)),
    ("SG", Pattern::AnySign),
    ("SP", Pattern::Nothing),
    ("th", Pattern::Ordinal(Case::Lower)),
    ("TH", Pattern::Ordinal(Case::Upper)),
    ("S", Pattern::Sign),
    ("9", Pattern::Digit),
    ("0", Pattern::Zero),
    (".", Pattern::Point),
    ("D", Pattern::Point),
    (",", Pattern::Group),
    ("G", Pattern::Group),
    ("L", Pattern::Currency),
    ("V", Pattern::Shift),
    ("B", Pattern::Blank),
    ("C", Pattern::Nothing),
];

/// A part of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// What stands for itself.
    Text(String),
    /// What stands for a part of a number.
    Pattern(Pattern),
}

/// How a number is written as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Notation {
    /// With digits, `12.5`.
    Plain,
    /// In Roman numerals, `XII`.
    Roman,
    /// With an exponent, `1.25e+01`.
    Scientific,
}

/// On which side of the digits the sign of `S` is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// Right before the first digit that is written.
    Before,
    /// Behind the last one.
    Behind,
}

/// The signs that a template has patterns of.
#[derive(Debug)]
pub(super) struct Signs {
    /// Where the sign of `S` is.
    pub(super) side: Option<Side>,
    /// Whether `PL` or `SG` is there.
    pub(super) has_plus: bool,
    /// Whether `MI` or `SG` is there.
    pub(super) has_minus: bool,
    /// Whether `PR` is there.
    pub(super) has_brackets: bool,
}

/// What the patterns of a template say together.
#[derive(Debug)]
pub(super) struct Layout {
    /// How many digits there are before the decimal point, but for those of `V`.
    pub(super) whole: usize,
    /// How many digits there are behind it.
    pub(super) fraction: usize,
    /// How many digits there are behind a `V`.
    pub(super) shift: Option<usize>,
    /// From which digit on zeros are written before the first digit that counts.
    pub(super) first_zero: Option<usize>,
    /// How many digits are written even when only zeros are left.
    pub(super) last_zero: usize,
    /// How the number is written as a whole.
    pub(super) notation: Notation,
    /// The signs.
    pub(super) signs: Signs,
    /// Whether there is a decimal point.
    pub(super) has_point: bool,
    /// Whether blanks and zeros that do not count are left out.
    pub(super) is_bare: bool,
    has_blank: bool,
    digits_before_sign: usize,
}

/// A template of numbers: patterns, and text between them.
#[derive(Debug)]
pub(super) struct NumberTemplate {
    /// What the template is made of.
    pub(super) pieces: Vec<Piece>,
    /// What its patterns say together.
    pub(super) layout: Layout,
}

impl NumberTemplate {
    /// Reads a template; what is no pattern stands for itself.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut layout = Layout::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted_text(quoted, &mut pieces);
            } else if let Some(behind) = rest.strip_prefix("\\\"") {
                push_text(&mut pieces, '"');
                rest = behind;
            } else if let Some((pattern, behind)) = split_pattern(rest) {
                layout.add(pattern)?;
                pieces.push(Piece::Pattern(pattern));
                rest = behind;
            } else {
                push_text(&mut pieces, first);
                rest = rest.strip_prefix(first).unwrap_or_default();
            }
        }
        layout.settle_sign();
        Ok(Self { pieces, layout })
    }
}

/// Returns the pattern that a text begins with, in capitals or small letters, and what is behind it.
fn split_pattern(text: &str) -> Option<(Pattern, &str)> {
    PATTERNS.iter().find_map(|(name, pattern)| {
        let (found, behind) = text.split_at_checked(name.len())?;
        let is_small = !found.chars().any(|letter| letter.is_ascii_uppercase());
        let is_found = found == *name || is_small && found.eq_ignore_ascii_case(name);
        is_found.then_some((*pattern, behind))
    })
}

/// Reads text up to a quotation mark, and returns what is behind it.
fn quoted_text<'a>(text: &'a str, pieces: &mut Vec<Piece>) -> &'a str {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => push_text(pieces, characters.next().unwrap_or('\\')),
            other => push_text(pieces, other),
        }
    }
    characters.as_str()
}

fn push_text(pieces: &mut Vec<Piece>, character: char) {
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push(character),
        _ => pieces.push(Piece::Text(character.to_string())),
    }
}

impl Layout {
    const fn new() -> Self {
        let signs = Signs { side: None, has_plus: false, has_minus: false, has_brackets: false };
        Self {
            whole: 0,
            fraction: 0,
            shift: None,
            first_zero: None,
            last_zero: 0,
            notation: Notation::Plain,
            signs,
            has_point: false,
            is_bare: false,
            has_blank: false,
            digits_before_sign: 0,
        }
    }

    /// Returns how many digits there are before the decimal point.
    pub(super) fn digits_before_point(&self) -> usize {
        self.whole + self.shift.unwrap_or_default()
    }

    /// Takes the next pattern, unless it does not go with those before it.
    fn add(&mut self, pattern: Pattern) -> Result<(), String> {
        match pattern {
            Pattern::Exponent if self.notation == Notation::Scientific => {
                return refuse("EEEE is in a template of numbers twice");
            }
            _ if self.notation == Notation::Scientific => {
                return refuse("a template of numbers has a pattern behind EEEE");
            }
            Pattern::Digit | Pattern::Zero => self.add_digit(pattern == Pattern::Zero)?,
            Pattern::Point => self.add_point()?,
            Pattern::Shift if self.has_point => return refuse(SHIFT_AND_POINT),
            Pattern::Shift => self.shift = self.shift.or(Some(0)),
            Pattern::Sign => self.add_side()?,
            Pattern::Minus | Pattern::Plus | Pattern::AnySign => self.add_sign(pattern)?,
            Pattern::Brackets => self.add_brackets()?,
            Pattern::Roman(_) => self.notation = Notation::Roman,
            Pattern::Exponent => self.add_exponent()?,
            Pattern::Bare => self.is_bare = true,
            Pattern::Blank => self.has_blank |= self.whole + self.fraction == 0,
            Pattern::Group | Pattern::Ordinal(_) | Pattern::Currency | Pattern::Nothing => {}
        }
        Ok(())
    }

    fn add_digit(&mut self, is_zero: bool) -> Result<(), String> {
        if self.signs.has_brackets {
            return refuse("a template of numbers has digits behind PR");
        }
        if self.has_point {
            self.fraction += 1;
        } else if let Some(shift) = self.shift.as_mut().filter(|_| !is_zero) {
            *shift += 1;
        } else {
            if is_zero && self.first_zero.is_none() {
                self.first_zero = Some(self.whole);
            }
            self.whole += 1;
        }
        if is_zero {
            self.last_zero = self.whole + self.fraction;
        }
        Ok(())
    }

    fn add_point(&mut self) -> Result<(), String> {
        if self.has_point {
            return refuse("a template of numbers has two decimal points");
        }
        if self.shift.is_some() {
            return refuse(SHIFT_AND_POINT);
        }
        self.has_point = true;
        Ok(())
    }

    fn add_side(&mut self) -> Result<(), String> {
        let signs = &mut self.signs;
        if signs.side.is_some() {
            return refuse("S is in a template of numbers twice");
        }
        if signs.has_plus || signs.has_minus || signs.has_brackets {
            return refuse(TWO_SIGNS);
        }
        signs.side = Some(if self.has_point { Side::Behind } else { Side::Before });
        self.digits_before_sign = self.whole;
        Ok(())
    }

    fn add_sign(&mut self, pattern: Pattern) -> Result<(), String> {
        if self.signs.side.is_some() {
            return refuse(TWO_SIGNS);
        }
        self.signs.has_minus |= pattern != Pattern::Plus;
        self.signs.has_plus |= pattern != Pattern::Minus;
        Ok(())
    }

    fn add_brackets(&mut self) -> Result<(), String> {
        let signs = &mut self.signs;
        if signs.side.is_some() || signs.has_plus || signs.has_minus {
            return refuse("PR is in a template of numbers with S, MI, PL or SG before it");
        }
        signs.has_brackets = true;
        Ok(())
    }

    fn add_exponent(&mut self) -> Result<(), String> {
        let signs = &self.signs;
        let has_sign =
            signs.side.is_some() || signs.has_plus || signs.has_minus || signs.has_brackets;
        let is_plain = self.notation == Notation::Plain && self.shift.is_none();
        if has_sign || self.is_bare || self.has_blank || !is_plain {
            return refuse("EEEE is in a template of numbers with more than digits and a point");
        }
        self.notation = Notation::Scientific;
        Ok(())
    }

    /// Puts the sign of an `S` with only digits before it behind the number.
    fn settle_sign(&mut self) {
        if self.signs.side.is_some() && self.digits_before_sign == self.digits_before_point() {
            self.signs.side = Some(Side::Behind);
        }
    }
}

const SHIFT_AND_POINT: &str = "a template of numbers has both V and a decimal point";
const TWO_SIGNS: &str = "a template of numbers has both S and one of MI, PL, SG and PR";

fn refuse(reason: &str) -> Result<(), String> {
    Err(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgresql_refuses_is_an_error() {
        let templates = [
            "9.9.9",
            "9D9.9",
            "9.9V",
            "V9.9",
            "9.9EEEE9",
            "S9EEEE",
            "9EEEES",
            "FM9EEEE",
            "B9EEEE",
            "9EEEEEEEE",
            "9V9EEEE",
            "RNEEEE",
            "9SS",
            "S9S",
            "9SMI",
            "MI9S",
            "9PRS",
            "9PR9",
            "9PR0",
            "9MIPR",
            "PL9PR",
            "9SGPR",
        ];
        for template in templates {
            assert!(NumberTemplate::parse(template).is_err(), "{template}");
        }
    }

    #[test]
    fn what_postgresql_takes_is_no_error() {
        let templates = [
            "", "9E", "9EEE", "9EEEEx", "9xEEEE", "9BEEEE", "9V9V9", "9SGMI", "9PLMI", "9MIMI",
            "9PRPR", "9PRMI", "9SPR", "9Th", "\"", "\"\\", "\\",
        ];
        for template in templates {
            assert!(NumberTemplate::parse(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn patterns_are_in_capitals_or_small_letters() {
        let template = NumberTemplate::parse("s9Mi\"th\"rn").expect("a template");
        let pieces = [
            Piece::Pattern(Pattern::Sign),
            Piece::Pattern(Pattern::Digit),
            Piece::Text("Mith".to_owned()),
            Piece::Pattern(Pattern::Roman(Case::Lower)),
        ];
        assert_eq!(template.pieces, pieces);
    }
}
