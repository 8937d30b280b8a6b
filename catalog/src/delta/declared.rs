//! Types that Delta does not have: what they are stored as, and how a table remembers them.

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};

/// Names the declared type in the metadata of a stored field.
const TYPE_KEY: &str = "godwit.type";

/// The declared types by their names.
const DECLARED: [(&str, DataType); 14] = [
    ("time(0)", DataType::Time32(TimeUnit::Second)),
    ("time(3)", DataType::Time32(TimeUnit::Millisecond)),
    ("time(6)", DataType::Time64(TimeUnit::Microsecond)),
    ("time(9)", DataType::Time64(TimeUnit::Nanosecond)),
    ("timestamp(0)", DataType::Timestamp(TimeUnit::Second, None)),
    ("timestamp(3)", DataType::Timestamp(TimeUnit::Millisecond, None)),
    ("timestamp(9)", DataType::Timestamp(TimeUnit::Nanosecond, None)),
    ("interval year to month", DataType::Interval(IntervalUnit::YearMonth)),
    ("interval day to millisecond", DataType::Interval(IntervalUnit::DayTime)),
    ("interval", DataType::Interval(IntervalUnit::MonthDayNano)),
    ("duration(0)", DataType::Duration(TimeUnit::Second)),
    ("duration(3)", DataType::Duration(TimeUnit::Millisecond)),
    ("duration(6)", DataType::Duration(TimeUnit::Microsecond)),
    ("duration(9)", DataType::Duration(TimeUnit::Nanosecond)),
];

/// What follows the name of a timestamp that is an instant.
const WITH_ZONE: &str = " with time zone";

/// Returns the type a column of a stored table was declared with, when Delta does not have it.
///
/// The table's provider still shows the stored type; a cast leads from one to the other.
pub fn declared_type(field: &Field) -> Option<DataType> {
    let name = field.metadata().get(TYPE_KEY)?;
    let (name, zone) = match name.strip_suffix(WITH_ZONE) {
        Some(name) => (name, Some("UTC".into())),
        None => (name.as_str(), None),
    };
    let (_, data_type) = DECLARED.iter().find(|(known, _)| *known == name)?;
    match data_type {
        DataType::Timestamp(unit, _) => Some(DataType::Timestamp(*unit, zone)),
        other => Some(other.clone()),
    }
}

/// Returns the field without the type it was declared with.
#[must_use]
pub fn without_declared_type(field: &Field) -> Field {
    let mut metadata = field.metadata().clone();
    metadata.remove(TYPE_KEY);
    field.clone().with_metadata(metadata)
}

/// Returns the stored field with the type it stands for.
pub(super) fn remember(stored: Field, declared: &DataType) -> Field {
    let Some(name) = name(declared) else { return stored };
    let mut metadata = stored.metadata().clone();
    metadata.insert(TYPE_KEY.to_owned(), name);
    stored.with_metadata(metadata)
}

/// Returns what a column of a type that Delta lacks is stored as.
///
/// Times and intervals become text, which any reader of the table understands. Delta's timestamps
/// count microseconds, so nanoseconds become numbers.
pub(super) fn storage(declared: &DataType) -> Option<DataType> {
    match declared {
        DataType::Time32(_) | DataType::Time64(_) | DataType::Interval(_) => Some(DataType::Utf8),
        DataType::Timestamp(TimeUnit::Nanosecond, _) | DataType::Duration(_) => {
            Some(DataType::Int64)
        }
        _ => None,
    }
}

fn name(declared: &DataType) -> Option<String> {
    let (plain, suffix) = match declared {
        DataType::Timestamp(unit, Some(_)) => (DataType::Timestamp(*unit, None), WITH_ZONE),
        other => (other.clone(), ""),
    };
    let (name, _) = DECLARED.iter().find(|(_, known)| *known == plain)?;
    Some(format!("{name}{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_type_is_remembered() {
        let utc = |unit| DataType::Timestamp(unit, Some("UTC".into()));
        let zoned = [utc(TimeUnit::Second), utc(TimeUnit::Nanosecond)];
        let plain = DECLARED.iter().map(|(_, data_type)| data_type.clone());
        for declared in plain.chain(zoned) {
            let field = remember(Field::new("c", DataType::Utf8, true), &declared);
            assert_eq!(declared_type(&field), Some(declared));
            assert_eq!(declared_type(&without_declared_type(&field)), None);
        }
    }

    #[test]
    fn the_others_are_what_they_are_stored_as() {
        // A decimal of thousands is a wider one without a scale, because nothing can compare it.
        for known in [
            DataType::Utf8,
            DataType::Timestamp(TimeUnit::Microsecond, None),
            DataType::Decimal128(5, -3),
        ] {
            let field = remember(Field::new("c", known.clone(), true), &known);
            assert_eq!(declared_type(&field), None);
            assert_eq!(storage(&known), None);
        }
    }
}
