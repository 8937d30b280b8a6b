//! Dates and times in ISO 8601.

use arrow::datatypes::TimeUnit;

use crate::encode::text::write_integer;

const SECONDS_PER_DAY: i64 = 86_400;

/// Writes a day, counted from 1970-01-01.
pub(super) fn write_date(days: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(days);
    write_year(year, out);
    out.push(b'-');
    write_two(month, out);
    out.push(b'-');
    write_two(day, out);
}

/// Writes a point in time; `is_utc` says that it is one, and not what some clock shows.
pub(super) fn write_timestamp(value: i64, unit: TimeUnit, is_utc: bool, out: &mut Vec<u8>) {
    let (seconds, nanoseconds) = split(value, unit);
    write_date(seconds.div_euclid(SECONDS_PER_DAY), out);
    out.push(b'T');
    write_clock(seconds.rem_euclid(SECONDS_PER_DAY), nanoseconds, out);
    if is_utc {
        out.push(b'Z');
    }
}

/// Writes a time of day.
pub(super) fn write_time(value: i64, unit: TimeUnit, out: &mut Vec<u8>) {
    let (seconds, nanoseconds) = split(value, unit);
    write_clock(seconds, nanoseconds, out);
}

fn split(value: i64, unit: TimeUnit) -> (i64, i64) {
    let per_second = match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let fraction = value.rem_euclid(per_second);
    (value.div_euclid(per_second), fraction * (1_000_000_000 / per_second))
}

fn write_clock(seconds: i64, nanoseconds: i64, out: &mut Vec<u8>) {
    write_two(seconds / 3600, out);
    out.push(b':');
    write_two(seconds / 60 % 60, out);
    out.push(b':');
    write_two(seconds % 60, out);
    write_fraction(nanoseconds, out);
}

/// Writes three, six or nine digits, as many as there are.
fn write_fraction(nanoseconds: i64, out: &mut Vec<u8>) {
    let (mut value, digits) = match nanoseconds {
        0 => return,
        value if value % 1_000_000 == 0 => (value / 1_000_000, 3),
        value if value % 1_000 == 0 => (value / 1_000, 6),
        value => (value, 9),
    };
    out.push(b'.');
    let start = out.len();
    out.resize(start + digits, b'0');
    for slot in out.iter_mut().skip(start).rev() {
        *slot = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

fn write_two(value: i64, out: &mut Vec<u8>) {
    if (0..10).contains(&value) {
        out.push(b'0');
    }
    write_integer(value, out);
}

fn write_year(year: i64, out: &mut Vec<u8>) {
    if (0..10_000).contains(&year) {
        out.extend_from_slice(format!("{year:04}").as_bytes());
    } else {
        out.extend_from_slice(format!("{year:+07}").as_bytes());
    }
}

/// Returns year, month and day of the Gregorian calendar. Counts in years from March, so that
/// the leap day comes last, and in eras of 400 years.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn dates_agree_with_chrono() {
        for days in (-800_000..800_000).step_by(37) {
            let expected = chrono::NaiveDate::from_epoch_days(days).unwrap();
            let expected = expected.format("%Y-%m-%d").to_string();
            if !expected.starts_with(['+', '-']) {
                assert_eq!(text(|out| write_date(i64::from(days), out)), expected);
            }
        }
        assert_eq!(text(|out| write_date(10_000_000, out)), "+029349-01-26");
    }

    #[test]
    fn times_are_written() {
        let stamp = |value, unit, is_utc| text(|out| write_timestamp(value, unit, is_utc, out));
        assert_eq!(stamp(-1, TimeUnit::Millisecond, true), "1969-12-31T23:59:59.999Z");
        assert_eq!(stamp(0, TimeUnit::Second, false), "1970-01-01T00:00:00");
        assert_eq!(stamp(1_500, TimeUnit::Nanosecond, false), "1970-01-01T00:00:00.000001500");
        assert_eq!(text(|out| write_time(3_661_000_000, TimeUnit::Microsecond, out)), "01:01:01");
    }
}
