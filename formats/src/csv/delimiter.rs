//! The delimiter of a file for which no option names one, from the beginning of the file.

use crate::csv::dialect::Dialect;
use crate::csv::place::Place;

/// What files are delimited by.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many records are looked at.
const SAMPLE_RECORDS: usize = 1000;

/// Returns the delimiter that cuts the first records into the same number of values, the largest
/// such number, or the one of the dialect when none makes more than one value of each. Where
/// several make as many, that of the dialect is the first choice. Nothing is returned if there is
/// no record.
///
/// `is_whole` tells that the sample is all of a file; else its last record is cut off somewhere.
pub(super) fn delimiter_of(sample: &[u8], is_whole: bool, dialect: &Dialect) -> Option<u8> {
    let usual = dialect.delimiter;
    let others = CANDIDATES.into_iter().filter(|candidate| *candidate != usual);
    let (mut best, mut most) = (usual, 1);
    for candidate in std::iter::once(usual).chain(others) {
        let taken = [Some(dialect.quote), dialect.escape, dialect.comment];
        if taken.contains(&Some(candidate)) {
            continue;
        }
        let width = record_width(sample, is_whole, &dialect.with_delimiter(candidate))?;
        if width > most {
            (best, most) = (candidate, width);
        }
    }
    Some(best)
}

/// Returns how many values each record has, 0 if that differs; nothing if there is no record.
fn record_width(sample: &[u8], is_whole: bool, dialect: &Dialect) -> Option<usize> {
    let (mut width, mut values, mut records) = (None, 0, 0);
    let mut place = Place::RecordStart;
    for byte in sample {
        let next = dialect.next_place(place, *byte);
        let is_end =
            matches!(next, Place::RecordStart | Place::ValueStart) && matches!(byte, b'\n' | b'\r');
        if !is_end {
            values += usize::from(values == 0 && next != Place::Comment);
            values += usize::from(next == Place::ValueStart);
            place = next;
            continue;
        }
        place = Place::RecordStart;
        // Empty lines and comments have no value.
        if values == 0 {
            continue;
        }
        if *width.get_or_insert(values) != values {
            return Some(0);
        }
        values = 0;
        records += 1;
        if records == SAMPLE_RECORDS {
            return width;
        }
    }
    match width {
        _ if values == 0 => width,
        Some(_) if !is_whole => width,
        Some(width) => Some(if width == values { width } else { 0 }),
        None => Some(if is_whole { values } else { 0 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FormatOptions;
    use crate::csv::DESCRIPTION;
    use crate::options::Options;

    fn found(text: &str, options: &[(&str, &str)], usual: u8) -> Option<char> {
        let options: FormatOptions =
            options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let options = Options::try_new(&DESCRIPTION, &options).unwrap();
        let dialect = Dialect::try_new(&options, usual).unwrap();
        delimiter_of(text.as_bytes(), true, &dialect).map(char::from)
    }

    #[test]
    fn the_delimiter_that_cuts_all_records_alike_is_found() {
        for (text, expected) in [
            ("a,b\n1,2\n", ','),
            ("a;b\n1;2\n3;4", ';'),
            ("a\tb\r\n1\t2\r\n\r\n", '\t'),
            ("a|b\r1|2\r", '|'),
            ("a;b;c", ';'),
            // Commas of decimal numbers are in the records alone.
            ("a;b\n1,5;2,5\n3,5;4\n", ';'),
            // The larger number of values.
            ("a, m;b;c\n1,5;2;3\n", ';'),
            // As many values by either.
            ("a;b,c\n1;2,3\n", ','),
            ("a|b;c\n1|2;3\n", ';'),
            ("wkt;id\n\"POLYGON((0 0, 1 0,\n1 1, 0 0))\";1\nPOINT(1 1);2\n", ';'),
            ("a;b\n\"x;\"\";y\";1\n", ';'),
        ] {
            assert_eq!(found(text, &[], b','), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn one_column_stays_one() {
        for text in ["a\n1\n", "a\nx;y\n", "a;b\nx;y;z\n", "a;b\nx\n", "\"a;b\"\n\"c;d\"\n"] {
            assert_eq!(found(text, &[], b','), Some(','), "{text:?}");
        }
        assert_eq!(found("a\n1\n", &[], b'\t'), Some('\t'));
    }

    #[test]
    fn tabulators_are_the_first_choice_of_their_files() {
        assert_eq!(found("a,b\tc\n1,2\t3\n", &[], b'\t'), Some('\t'));
        assert_eq!(found("a,b\n1,2\n", &[], b'\t'), Some(','));
    }

    #[test]
    fn quotes_escapes_and_comments_are_those_of_the_options() {
        assert_eq!(found("#x,y,z\n\na;b\n#\n1;2\n", &[("comment", "#")], b','), Some(';'));
        assert_eq!(found("a;b\n'x;\ny';2\n", &[("quote", "'")], b','), Some(';'));
        assert_eq!(found("a;b\n\"x\\\";y\";2\n", &[("escape", "\\")], b','), Some(';'));
        assert_eq!(found("a|b\n|x|\n", &[("quote", "|")], b','), Some(','));
        assert_eq!(found("", &[], b','), None);
        assert_eq!(found("#a;b\n\n", &[("comment", "#")], b','), None);
    }

    #[test]
    fn the_end_of_a_sample_says_nothing() {
        let dialect =
            Dialect::try_new(&Options::try_new(&DESCRIPTION, &FormatOptions::new()).unwrap(), b',');
        let dialect = dialect.unwrap();
        let found = |sample: &str| delimiter_of(sample.as_bytes(), false, &dialect);
        assert_eq!(found("a;b\n1;2\n3"), Some(b';'));
        assert_eq!(found("a;b\n1;2\n\"3;4\n5;6\n"), Some(b';'));
        assert_eq!(found("a;b"), Some(b','));
        let ragged = format!("a;b\n{}1\n", "1;2\n".repeat(SAMPLE_RECORDS));
        assert_eq!(found(&ragged), Some(b';'));
    }
}
