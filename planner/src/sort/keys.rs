//! Numbers that sort as the values of a column do.

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::buffer::NullBuffer;
use arrow::compute::{SortOptions, cast};
use arrow::datatypes::{
    DECIMAL64_MAX_PRECISION, DataType, Decimal32Type, Decimal64Type, Decimal128Type, Float64Type,
    Int64Type, UInt64Type,
};
use datafusion::common::{Result, exec_err};

/// The bit that says of a signed number that it is negative.
const SIGN: u64 = 1 << 63;

/// Numbers that sort as the values of a column of one batch do.
///
/// NULL has the least or the greatest number, which a value may have as well.
#[derive(Debug)]
pub(super) struct Keys {
    numbers: Vec<u64>,
    nulls: Option<NullBuffer>,
    options: SortOptions,
}

/// Returns whether values of a type have keys.
pub(super) fn has_keys(data_type: &DataType) -> bool {
    family(data_type).is_some()
}

/// Returns the type that values of a type are taken as, in 64 bits, without changing their order.
fn family(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::Boolean
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => Some(DataType::UInt64),
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(_, _)
        | DataType::Duration(_) => Some(DataType::Int64),
        DataType::Float32 | DataType::Float64 => Some(DataType::Float64),
        DataType::Decimal32(precision, _)
        | DataType::Decimal64(precision, _)
        | DataType::Decimal128(precision, _)
            if *precision <= DECIMAL64_MAX_PRECISION =>
        {
            Some(data_type.clone())
        }
        _ => None,
    }
}

impl Keys {
    /// Returns the keys of a column.
    pub(super) fn of(column: &ArrayRef, options: SortOptions) -> Result<Self> {
        let values = match family(column.data_type()) {
            Some(family) => cast(column, &family)?,
            None => return exec_err!("values of {} have no keys", column.data_type()),
        };
        let mut numbers = numbers(&values);
        if options.descending {
            for number in &mut numbers {
                *number = !*number;
            }
        }
        let nulls = values.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let mut keys = Self { numbers, nulls, options };
        if let Some(nulls) = &keys.nulls {
            let of_null = keys.of_null();
            for (number, is_valid) in keys.numbers.iter_mut().zip(nulls) {
                if !is_valid {
                    *number = of_null;
                }
            }
        }
        Ok(keys)
    }

    /// Returns the keys of the rows.
    pub(super) fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// Returns the key of a row.
    pub(super) fn number(&self, row: usize) -> u64 {
        self.numbers.get(row).copied().unwrap_or(0)
    }

    /// Returns the key of NULL.
    pub(super) fn of_null(&self) -> u64 {
        if self.options.nulls_first { 0 } else { u64::MAX }
    }

    /// Returns whether there are rows without a value.
    pub(super) fn has_nulls(&self) -> bool {
        self.nulls.is_some()
    }

    /// Returns whether a row comes after others of its key, which either are NULL or are not.
    pub(super) fn is_behind(&self, row: usize) -> bool {
        let is_null = self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
        is_null != self.options.nulls_first
    }
}

/// Returns the numbers of the values of a family.
fn numbers(values: &ArrayRef) -> Vec<u64> {
    match values.data_type() {
        DataType::UInt64 => values.as_primitive::<UInt64Type>().values().to_vec(),
        DataType::Float64 => {
            let values = values.as_primitive::<Float64Type>().values();
            values.iter().map(|value| in_total_order(*value)).collect()
        }
        DataType::Decimal32(_, _) => {
            let values = values.as_primitive::<Decimal32Type>().values();
            values.iter().map(|value| of_signed(i64::from(*value))).collect()
        }
        DataType::Decimal64(_, _) => {
            let values = values.as_primitive::<Decimal64Type>().values();
            values.iter().map(|value| of_signed(*value)).collect()
        }
        DataType::Decimal128(_, _) => {
            let values = values.as_primitive::<Decimal128Type>().values();
            values.iter().map(|value| of_signed(in_64_bits(*value))).collect()
        }
        _ => {
            let values = values.as_primitive::<Int64Type>().values();
            values.iter().map(|value| of_signed(*value)).collect()
        }
    }
}

/// Returns a number that sorts as a signed one does.
fn of_signed(value: i64) -> u64 {
    value.cast_unsigned() ^ SIGN
}

/// Returns a decimal of at most 18 digits; one that has more, against its type, is the outermost.
fn in_64_bits(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// Returns a number that sorts as IEEE 754 orders all floats (`f64::total_cmp`).
fn in_total_order(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BooleanArray, Date32Array, Decimal32Array, Decimal128Array, Float32Array, Float64Array,
        Int8Array, Int64Array, TimestampMillisecondArray, UInt64Array,
    };
    use arrow::compute::sort_to_indices;

    use super::*;

    #[test]
    fn keys_sort_as_values_do() {
        let floats = [0.0, -0.0, 1.5, -1.5, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let cents = vec![Some(-1), Some(999_999_999_999_999_999), None, Some(0)];
        let columns: [ArrayRef; 10] = [
            Arc::new(Decimal32Array::from(vec![Some(-7), None, Some(7), Some(0)])),
            Arc::new(Decimal128Array::from(cents).with_precision_and_scale(18, 2).unwrap()),
            Arc::new(Float64Array::from(floats.to_vec())),
            Arc::new(Float32Array::from(vec![Some(2.5), None, Some(-3.0), Some(f32::MAX)])),
            Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(0), Some(i64::MAX)])),
            Arc::new(Int8Array::from(vec![3, -3, 127, -128, 0])),
            Arc::new(UInt64Array::from(vec![Some(u64::MAX), Some(0), Some(1 << 63), None])),
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
            Arc::new(Date32Array::from(vec![1, -1, 0])),
            Arc::new(TimestampMillisecondArray::from(vec![5, -5]).with_timezone("UTC")),
        ];
        for column in columns {
            for (descending, nulls_first) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let options = SortOptions { descending, nulls_first };
                let keys = Keys::of(&column, options).unwrap();
                let order = sort_to_indices(&column, Some(options), None).unwrap();
                let sorted: Vec<_> = order
                    .values()
                    .iter()
                    .map(|row| {
                        let row = *row as usize;
                        (keys.number(row), keys.has_nulls() && keys.is_behind(row))
                    })
                    .collect();
                assert!(sorted.is_sorted(), "{column:?} {options:?}: {sorted:?}");
            }
        }
    }
}
