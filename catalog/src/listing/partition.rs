//! Columns that come from directories called `name=value`.

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::ScalarValue;

use crate::CatalogError;
use crate::location::Location;
use crate::name::key;

/// What directories call the value null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The partition columns of a listing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Partitions {
    columns: Vec<(String, DataType)>,
    location: String,
}

impl Partitions {
    /// Returns the declared columns, or else those that every path has.
    ///
    /// Columns without a type get one that all their values have.
    pub(super) fn new<'a>(
        location: &Location,
        declared: &[(String, Option<DataType>)],
        paths: &(impl Iterator<Item = &'a str> + Clone),
    ) -> Self {
        let names: Vec<(String, Option<DataType>)> = if !declared.is_empty() {
            declared.to_vec()
        } else if location.is_collection() {
            common_names(paths.clone()).into_iter().map(|name| (name, None)).collect()
        } else {
            Vec::new()
        };
        let mut columns = Vec::with_capacity(names.len());
        for (name, data_type) in names {
            let data_type = match data_type {
                Some(data_type) => data_type,
                None => common_type(paths.clone().filter_map(|path| value(path, &name))),
            };
            columns.push((name, data_type));
        }
        Self { columns, location: location.text.clone() }
    }

    /// Returns the columns that the files do not hold themselves.
    pub(super) fn without(mut self, file_schema: &Schema) -> Self {
        let is_in_files =
            |name: &str| file_schema.fields().iter().any(|field| key(field.name()) == key(name));
        self.columns.retain(|(name, _)| !is_in_files(name));
        self
    }

    /// Returns the columns as fields.
    pub(super) fn fields(&self) -> Vec<Field> {
        let columns = self.columns.iter();
        columns.map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect()
    }

    /// Returns the values of a file.
    pub(super) fn values(&self, path: &str) -> Result<Vec<ScalarValue>, CatalogError> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (name, data_type) in &self.columns {
            let text = value(path, name).ok_or_else(|| CatalogError::InvalidLocation {
                location: self.location.clone(),
                reason: format!("the path \"{path}\" has no directory \"{name}=...\""),
            })?;
            let value = if text == NULL {
                ScalarValue::try_from(data_type)
            } else {
                ScalarValue::try_from_string(text, data_type)
            };
            values.push(value?);
        }
        Ok(values)
    }
}

/// Returns the columns that every path has, in their order.
fn common_names<'a>(mut paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let Some(first) = paths.next() else {
        return Vec::new();
    };
    let names = names(first);
    if !names.is_empty() && paths.all(|path| self::names(path) == names) {
        names
    } else {
        Vec::new()
    }
}

fn names(path: &str) -> Vec<String> {
    directories(path).filter_map(|part| Some(part.split_once('=')?.0.to_owned())).collect()
}

fn directories(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit_once('/').map_or("", |(directories, _)| directories).split('/')
}

/// Returns the decoded value of a column in a path.
fn value(path: &str, name: &str) -> Option<String> {
    directories(path)
        .filter_map(|part| part.split_once('='))
        .find(|(column, _)| key(column) == key(name))
        .map(|(_, value)| decode(value))
}

/// Returns the narrowest of the usual types that all values have.
fn common_type(values: impl Iterator<Item = String>) -> DataType {
    let mut is_number = true;
    let mut is_date = true;
    let mut is_empty = true;
    for value in values.filter(|value| value != NULL) {
        is_empty = false;
        // Leading zeros belong to codes, not to numbers.
        let digits = value.trim_start_matches('-');
        is_number &=
            value.parse::<i64>().is_ok() && (digits == "0" || !digits.starts_with(['0', '+']));
        is_date &= chrono::NaiveDate::parse_from_str(&value, "%Y-%m-%d").is_ok();
    }
    match (is_empty, is_number, is_date) {
        (false, true, _) => DataType::Int64,
        (false, _, true) => DataType::Date32,
        _ => DataType::Utf8,
    }
}

/// Returns the text with `%XX` decoded.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if *byte == b'%' => {
                bytes.push(decoded);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partitions(declared: &[(String, Option<DataType>)], paths: &[&str]) -> Partitions {
        let location = Location::parse("/no/such/").unwrap();
        Partitions::new(&location, declared, &paths.iter().copied())
    }

    #[test]
    fn columns_are_found_when_every_path_has_them() {
        let found = partitions(&[], &["y=2024/c=a%20b/1.csv", "y=2025/c=c/2.csv"]);
        let names: Vec<String> = found.fields().iter().map(|f| f.name().clone()).collect();
        assert_eq!(names, ["y", "c"]);
        assert_eq!(found.columns[0].1, DataType::Int64);
        let values = found.values("y=2024/c=a%20b/1.csv").unwrap();
        assert_eq!(values[0], ScalarValue::Int64(Some(2024)));
        assert_eq!(values[1], ScalarValue::Utf8(Some("a b".to_owned())));
        assert!(partitions(&[], &["y=2024/1.csv", "2.csv"]).columns.is_empty());
    }

    #[test]
    fn types_fit_all_values() {
        let type_of = |paths: &[&str]| partitions(&[], paths).columns[0].1.clone();
        assert_eq!(
            type_of(&["d=2024-01-01/a", "d=__HIVE_DEFAULT_PARTITION__/a"]),
            DataType::Date32
        );
        assert_eq!(type_of(&["z=01/a", "z=02/a"]), DataType::Utf8);
        assert_eq!(type_of(&["z=0/a", "z=-2/a"]), DataType::Int64);
    }

    #[test]
    fn declared_columns_must_be_there() {
        let declared = [("Y".to_owned(), Some(DataType::Utf8))];
        let found = partitions(&declared, &["y=2024/1.csv"]);
        let values = found.values("y=2024/1.csv").unwrap();
        assert_eq!(values, [ScalarValue::Utf8(Some("2024".to_owned()))]);
        assert!(found.values("1.csv").is_err());
        let null = found.values("y=__HIVE_DEFAULT_PARTITION__/1.csv").unwrap();
        assert!(null[0].is_null());
    }
}
