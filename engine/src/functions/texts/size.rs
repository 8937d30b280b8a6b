//! `pg_size_pretty(bytes)`: a number of bytes for people to read, `118 MB`.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::exec_err;
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::functions::to_integers;

/// The units above a byte, each of 1024 of the one before.
const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];

/// Fewer bytes than these are written as such.
const MOST_BYTES: u64 = 10 * 1024;

/// Fewer halves of a unit than these are written in it.
const MOST_HALVES: u64 = 20 * 1024 - 1;

/// Returns the function.
pub(super) fn size() -> ScalarUDF {
    let types = vec![takes(&[DataType::Int64]), takes(&[DataType::Float64])];
    Plain::new("pg_size_pretty", types, DataType::Utf8, |columns| {
        let [sizes] = columns else { return exec_err!("one number of bytes is expected") };
        let sizes = match sizes.as_primitive_opt::<Float64Type>() {
            Some(_) => to_integers(sizes, &DataType::Int64)?,
            None => Arc::clone(sizes),
        };
        let texts = sizes.as_primitive::<Int64Type>().iter().map(|size| size.map(text));
        let texts: StringArray = texts.collect();
        Ok(Arc::new(texts) as ArrayRef)
    })
    .into()
}

fn text(bytes: i64) -> String {
    if bytes.unsigned_abs() < MOST_BYTES {
        return format!("{bytes} bytes");
    }
    let mut halves = bytes / 512;
    let mut name = "kB";
    for (index, unit) in UNITS.into_iter().enumerate() {
        name = unit;
        if halves.unsigned_abs() < MOST_HALVES || index + 1 == UNITS.len() {
            break;
        }
        halves /= 1024;
    }
    // A half is rounded away from zero.
    format!("{} {name}", i64::midpoint(halves, halves.signum()))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn sizes_are_those_of_postgresql() {
        let cases = [
            (0, "0 bytes"),
            (10_239, "10239 bytes"),
            (10_240, "10 kB"),
            (-10_240, "-10 kB"),
            (1_048_575, "1024 kB"),
            (20_971_007, "20 MB"),
            (123_456_789, "118 MB"),
            (1_000_000_000_000, "931 GB"),
            (i64::MAX, "8192 PB"),
            (i64::MIN, "-8192 PB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(text(bytes), expected);
        }
    }
}
