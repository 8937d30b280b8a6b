//! Templates of dates and times, as `PostgreSQL` reads them.

use super::letters::Case;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// From Sunday on, which is the first day where weeks do not follow ISO 8601.
pub(super) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
pub(super) const ROMAN: [&str; 12] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// What a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    Hour12,
    Hour24,
    Minute,
    Second,
    /// So many digits of the fraction of a second.
    Fraction(u32),
    SecondOfDay,
    Meridiem,
    DottedMeridiem,
    Era,
    DottedEra,
    /// So many digits of the year.
    Year(u32),
    YearWithComma,
    IsoYear(u32),
    MonthName,
    ShortMonthName,
    Month,
    RomanMonth,
    DayName,
    ShortDayName,
    DayOfYear,
    IsoDayOfYear,
    Day,
    DayOfWeek,
    IsoDayOfWeek,
    WeekOfMonth,
    Week,
    IsoWeek,
    Century,
    JulianDay,
    Quarter,
    ZoneName,
    Offset,
    OffsetHours,
    OffsetMinutes,
    /// That from here on blanks of a text count; there is nothing of it to write.
    Exactness,
}

/// The patterns; of those that begin alike, the longer come first.
const PATTERNS: [(&str, Field); 54] = [
    ("SSSSS", Field::SecondOfDay),
    ("SSSS", Field::SecondOfDay),
    ("SS", Field::Second),
    ("HH24", Field::Hour24),
    ("HH12", Field::Hour12),
    ("HH", Field::Hour12),
    ("MI", Field::Minute),
    ("MS", Field::Fraction(3)),
    ("US", Field::Fraction(6)),
    ("FF1", Field::Fraction(1)),
    ("FF2", Field::Fraction(2)),
    ("FF3", Field::Fraction(3)),
    ("FF4", Field::Fraction(4)),
    ("FF5", Field::Fraction(5)),
    ("FF6", Field::Fraction(6)),
    ("A.M.", Field::DottedMeridiem),
    ("P.M.", Field::DottedMeridiem),
    ("AM", Field::Meridiem),
    ("PM", Field::Meridiem),
    ("A.D.", Field::DottedEra),
    ("B.C.", Field::DottedEra),
    ("AD", Field::Era),
    ("BC", Field::Era),
    ("Y,YYY", Field::YearWithComma),
    ("YYYY", Field::Year(4)),
    ("YYY", Field::Year(3)),
    ("YY", Field::Year(2)),
    ("Y", Field::Year(1)),
    ("IYYY", Field::IsoYear(4)),
    ("IYY", Field::IsoYear(3)),
    ("IY", Field::IsoYear(2)),
    ("IDDD", Field::IsoDayOfYear),
    ("ID", Field::IsoDayOfWeek),
    ("IW", Field::IsoWeek),
    ("I", Field::IsoYear(1)),
    ("MONTH", Field::MonthName),
    ("MON", Field::ShortMonthName),
    ("MM", Field::Month),
    ("RM", Field::RomanMonth),
    ("DAY", Field::DayName),
    ("DY", Field::ShortDayName),
    ("DDD", Field::DayOfYear),
    ("DD", Field::Day),
    ("D", Field::DayOfWeek),
    ("WW", Field::Week),
    ("W", Field::WeekOfMonth),
    ("CC", Field::Century),
    ("J", Field::JulianDay),
    ("Q", Field::Quarter),
    ("TZH", Field::OffsetHours),
    ("TZM", Field::OffsetMinutes),
    ("TZ", Field::ZoneName),
    ("OF", Field::Offset),
    ("FX", Field::Exactness),
];

/// What may be before a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Prefix {
    /// `FM`: numbers and names are as long as they are.
    Bare,
    /// `TM`: names are those of a locale, which are the English ones here, and as long as they are.
    Local,
}

/// A pattern, and how it is spelled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spelling {
    pub(super) field: Field,
    /// The pattern in capitals.
    pub(super) name: &'static str,
    pub(super) case: Case,
    pub(super) prefix: Option<Prefix>,
    /// The letters behind an ordinal number, `TH`.
    pub(super) ordinal: Option<Case>,
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piece {
    /// What stands for itself.
    Character {
        character: char,
        is_quoted: bool,
    },
    Pattern(Spelling),
}

/// The parts of a template; every text is one.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    rest: &'a str,
    is_quoted: bool,
}

impl<'a> Pieces<'a> {
    /// Returns the parts of a template.
    pub(super) const fn of(template: &'a str) -> Self {
        Self { rest: template, is_quoted: false }
    }

    /// Takes a pattern with what belongs to it. Without a pattern, a prefix is passed over.
    fn pattern(&mut self) -> Option<Spelling> {
        let bare = self.word("FM").map(|_| Prefix::Bare);
        let prefix = bare.or_else(|| self.word("TM").map(|_| Prefix::Local));
        let (name, field, (case, behind)) = PATTERNS.iter().find_map(|(name, field)| {
            let spelled = spelled(self.rest, name, field.has_title())?;
            Some((*name, *field, spelled))
        })?;
        self.rest = behind;
        let ordinal = self.word("TH");
        if ordinal.is_none() {
            // Numbers that are spelled out are known to PostgreSQL by name only.
            self.rest = self.rest.strip_prefix("SP").unwrap_or(self.rest);
        }
        Some(Spelling { field, name, case, prefix, ordinal })
    }

    /// Takes a word, and returns whether it is in capitals or in small letters.
    fn word(&mut self, word: &str) -> Option<Case> {
        let (case, behind) = spelled(self.rest, word, false)?;
        self.rest = behind;
        Some(case)
    }

    fn character(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next()?;
        self.rest = characters.as_str();
        Some(character)
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if !self.is_quoted
                && let Some(pattern) = self.pattern()
            {
                return Some(Piece::Pattern(pattern));
            }
            let first = self.character()?;
            if first == '"' {
                self.is_quoted = !self.is_quoted;
                continue;
            }
            // Outside of quotations a backslash is one, unless a quotation mark is behind it.
            let is_escape = first == '\\' && (self.is_quoted || self.rest.starts_with('"'));
            let escaped = if is_escape { self.character() } else { None };
            let character = escaped.unwrap_or(first);
            return Some(Piece::Character { character, is_quoted: self.is_quoted });
        }
    }
}

/// Returns how a text spells a word that it begins with, and what is behind it.
fn spelled<'a>(text: &'a str, word: &str, has_title: bool) -> Option<(Case, &'a str)> {
    let (found, behind) = text.split_at_checked(word.len())?;
    if !found.eq_ignore_ascii_case(word) {
        return None;
    }
    let is_capital = |letter: char| letter.is_ascii_uppercase();
    let case = if found == word {
        Case::Upper
    } else if !found.contains(is_capital) {
        Case::Lower
    } else if has_title && found.rfind(is_capital) == Some(0) {
        Case::Title
    } else {
        return None;
    };
    Some((case, behind))
}

impl Field {
    /// Returns whether the pattern may be written with one capital.
    const fn has_title(self) -> bool {
        matches!(self, Self::MonthName | Self::ShortMonthName | Self::DayName | Self::ShortDayName)
    }

    /// Returns whether it begins with a digit.
    pub(super) const fn is_number(self) -> bool {
        !matches!(
            self,
            Self::Meridiem
                | Self::DottedMeridiem
                | Self::Era
                | Self::DottedEra
                | Self::MonthName
                | Self::ShortMonthName
                | Self::RomanMonth
                | Self::DayName
                | Self::ShortDayName
                | Self::ZoneName
                | Self::Offset
                | Self::OffsetHours
                | Self::Exactness
        )
    }
}

/// Returns the first three letters of a name.
pub(super) fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the parts of a template, each as a text: patterns in brackets.
    fn parts(template: &str) -> String {
        let mut text = String::new();
        for piece in Pieces::of(template) {
            match piece {
                Piece::Character { character, .. } => text.push(character),
                Piece::Pattern(pattern) => text.extend(["[", pattern.name, "]"]),
            }
        }
        text
    }

    #[test]
    fn templates_are_read_as_by_postgresql() {
        let cases = [
            ("YYYY-MM-DD", "[YYYY]-[MM]-[DD]"),
            ("yyyyMon", "[YYYY][MON]"),
            ("Yyyy MOnth Am", "[Y][YYY] MOnth Am"),
            ("FMFMMM FM", "F[MM]M "),
            ("TMMonth tmSS fx", "[MONTH] [SS] [FX]"),
            ("DDthTH DDTh DDSP ddsp", "[DD]TH [DD]Th [DD] [DD]sp"),
            ("\"DD\\\"\\a\"DD", "DD\"a[DD]"),
            ("YYYY\\\"MM\\DD", "[YYYY]\"[MM]\\[DD]"),
            ("\"a\\", "a\\"),
            ("éYé", "é[Y]é"),
        ];
        for (template, expected) in cases {
            assert_eq!(parts(template), expected, "{template}");
        }
    }
}
