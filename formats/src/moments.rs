//! Times in the form that most files have, without what other forms cost.

use chrono::{Datelike as _, NaiveDate};

/// The number of 1970-01-01 among the days since the beginning of the year 1.
const FIRST_DAY: i32 = 719_163;

/// Returns the microseconds since 1970 of a time such as `2020-02-29 12:34:56`, with a fraction of
/// up to six digits; nothing if it has another form or is none.
pub(crate) fn usual_micros(text: &str) -> Option<i64> {
    let (date, rest) = text.as_bytes().split_first_chunk::<10>()?;
    let (clock, fraction) = rest.split_first_chunk::<9>()?;
    let &[y, e, a, r, b'-', m, o, b'-', d, i] = date else { return None };
    let &[b' ' | b'T' | b't', h, u, b':', n, t, b':', s, c] = clock else { return None };
    let year = 100 * number([y, e])? + number([a, r])?;
    let (month, day) = (number([m, o])?, number([d, i])?);
    let (hour, minute, second) = (number([h, u])?, number([n, t])?, number([s, c])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let days = i64::from(date.num_days_from_ce() - FIRST_DAY);
    let seconds = days * 86_400 + i64::from(3600 * hour + 60 * minute + second);
    Some(1_000_000 * seconds + micros_of(fraction)?)
}

fn number([tens, ones]: [u8; 2]) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| 10 * u32::from(tens) + u32::from(ones))
}

fn micros_of(fraction: &[u8]) -> Option<i64> {
    let digits = match fraction {
        [] => return Some(0),
        [b'.', digits @ ..] if matches!(digits.len(), 1..=6) => digits,
        _ => return None,
    };
    let mut micros = 0;
    for place in 0..6 {
        let digit = digits.get(place).map_or(0, |digit| digit.wrapping_sub(b'0'));
        if digit > 9 {
            return None;
        }
        micros = 10 * micros + i64::from(digit);
    }
    Some(micros)
}

#[cfg(test)]
mod tests {
    use arrow::compute::kernels::cast_utils::string_to_datetime;
    use chrono::Utc;

    use super::*;

    #[test]
    fn times_are_those_of_the_general_parser() {
        for text in [
            "1970-01-01 00:00:00",
            "2020-02-29T12:34:56",
            "1969-12-31 23:59:59.999999",
            "0001-01-01 00:00:00.5",
            "9999-12-31t23:59:59.000001",
            "1900-03-01 01:02:03.12",
        ] {
            let expected = string_to_datetime(&Utc, text).unwrap().timestamp_micros();
            assert_eq!(usual_micros(text), Some(expected), "{text}");
        }
        for text in [
            "2020-02-30 00:00:00",
            "2020-02-29 24:00:00",
            "2020-02-29 12:60:00",
            "2020-02-29 12:34:60",
            "2020-02-29 12:34:56.",
            "2020-02-29 12:34:56.1234567",
            "2020-02-29 12:34:56.1x",
            "2020-02-29 12:34:56Z",
            "2020-02-29 12:34",
            "2020-02-29",
            "2020/02/29 12:34:56",
            "2o20-02-29 12:34:56",
            "",
        ] {
            assert_eq!(usual_micros(text), None, "{text}");
        }
    }
}
