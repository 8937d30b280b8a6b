//! How the letters of a template are written.

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Case {
    /// In capitals.
    Upper,
    /// With one capital.
    Title,
    /// In small letters.
    Lower,
}

impl Case {
    /// Returns a word, given with one capital, as it is written.
    pub(super) fn of(self, word: &str) -> String {
        match self {
            Self::Upper => word.to_ascii_uppercase(),
            Self::Title => word.to_owned(),
            Self::Lower => word.to_ascii_lowercase(),
        }
    }
}

/// Returns the letters behind an ordinal number; what is no number has none.
pub(super) fn ordinal_letters(number: &str) -> &'static str {
    let mut digits = number.chars().rev();
    let last = digits.next();
    let is_teen = digits.next() == Some('1');
    match last {
        Some('1') if !is_teen => "st",
        Some('2') if !is_teen => "nd",
        Some('3') if !is_teen => "rd",
        Some('0'..='9') => "th",
        _ => "",
    }
}
