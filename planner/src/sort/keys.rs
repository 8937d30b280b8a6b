//! Numbers that sort as the values of a column do.

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::compute::{SortOptions, cast};
use arrow::datatypes::{
    DECIMAL64_MAX_PRECISION, DataType, Decimal128Type, Float64Type, Int64Type, UInt64Type,
};
use datafusion::common::{Result, exec_err};
use datafusion::physical_expr::PhysicalSortExpr;

/// The bit that says of a signed number that it is negative.
const SIGN: u64 = 1 << 63;

/// Returns the keys of a column that the rows of a batch are sorted by.
pub(super) fn keys_of(batch: &RecordBatch, column: &PhysicalSortExpr) -> Result<Keys> {
    let values = column.expr.evaluate(batch)?.into_array(batch.num_rows())?;
    Keys::of(&values, column.options)
}

/// Numbers that sort as the values of a column do, batch by batch.
#[derive(Debug)]
pub(super) struct KeyColumn {
    batches: Vec<Keys>,
    /// The number of NULL, if there are rows without a value.
    null: Option<u64>,
}

impl KeyColumn {
    /// Returns the keys of a column of some batches.
    pub(super) fn of(
        batches: impl Iterator<Item = RecordBatch>,
        column: &PhysicalSortExpr,
    ) -> Result<Self> {
        let keys = batches.map(|batch| keys_of(&batch, column));
        Ok(Self::concat(keys.collect::<Result<Vec<_>>>()?, column.options))
    }

    /// Returns the keys of a column whose parts these are.
    pub(super) fn concat(batches: Vec<Keys>, options: SortOptions) -> Self {
        let has_nulls = batches.iter().any(|keys| keys.nulls.is_some());
        Self { batches, null: has_nulls.then(|| of_null(options)) }
    }

    /// Returns the number of rows.
    pub(super) fn row_count(&self) -> usize {
        self.batches.iter().map(Keys::len).sum()
    }

    /// Returns the keys of the rows of each batch.
    pub(super) fn batches(&self) -> &[Keys] {
        &self.batches
    }

    /// Returns the keys of every so many rows.
    pub(super) fn every(&self, step: usize) -> Vec<u64> {
        let mut numbers = Vec::new();
        let mut next = step / 2;
        for keys in &self.batches {
            while next < keys.len() {
                numbers.push(keys.number(next));
                next += step.max(1);
            }
            next -= keys.len();
        }
        numbers
    }

    /// Returns the key of a row of a batch.
    pub(super) fn number(&self, (batch, row): (usize, usize)) -> u64 {
        self.batches.get(batch).map_or(0, |keys| keys.number(row))
    }

    /// Returns whether some rows of a key may be NULL and others not.
    pub(super) fn is_of_null(&self, key: u64) -> bool {
        self.null == Some(key)
    }

    /// Returns whether a row comes after others of its key, which either are NULL or are not.
    pub(super) fn is_behind(&self, (batch, row): (usize, usize)) -> bool {
        self.batches.get(batch).is_some_and(|keys| keys.is_behind(row))
    }
}

/// Numbers that sort as the values of a column of one batch do.
///
/// NULL has the least or the greatest number, which a value may have as well.
#[derive(Debug)]
pub(super) struct Keys {
    values: Values,
    nulls: Option<NullBuffer>,
    options: SortOptions,
}

/// Values of 64 bits or of what fits into them.
#[derive(Debug)]
enum Values {
    Unsigned(ScalarBuffer<u64>),
    Signed(ScalarBuffer<i64>),
    Float(ScalarBuffer<f64>),
    Decimal(ScalarBuffer<i128>),
}

/// Returns whether values of a type have keys.
pub(super) fn has_keys(data_type: &DataType) -> bool {
    family(data_type).is_some()
}

/// Returns the type that values of a type are taken as without changing their order.
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
        // A cast to another precision only changes the type.
        DataType::Decimal128(precision, scale) if *precision <= DECIMAL64_MAX_PRECISION => {
            Some(DataType::Decimal128(*precision, *scale))
        }
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            Some(DataType::Decimal128(*precision, *scale))
        }
        _ => None,
    }
}

impl Values {
    fn of(column: &ArrayRef) -> Result<Self> {
        let values = match family(column.data_type()) {
            Some(family) => cast(column, &family)?,
            None => return exec_err!("values of {} have no keys", column.data_type()),
        };
        Ok(match values.data_type() {
            DataType::UInt64 => {
                Self::Unsigned(values.as_primitive::<UInt64Type>().values().clone())
            }
            DataType::Int64 => Self::Signed(values.as_primitive::<Int64Type>().values().clone()),
            DataType::Float64 => Self::Float(values.as_primitive::<Float64Type>().values().clone()),
            _ => Self::Decimal(values.as_primitive::<Decimal128Type>().values().clone()),
        })
    }

    /// Returns a number that sorts as the value of a row.
    fn number(&self, row: usize) -> u64 {
        let number = match self {
            Self::Unsigned(values) => values.get(row).copied(),
            Self::Signed(values) => values.get(row).copied().map(of_signed),
            Self::Float(values) => values.get(row).copied().map(in_total_order),
            Self::Decimal(values) => values.get(row).copied().map(in_64_bits).map(of_signed),
        };
        number.unwrap_or(0)
    }

    /// Returns the numbers of all rows.
    fn numbers(&self) -> Vec<u64> {
        match self {
            Self::Unsigned(values) => values.to_vec(),
            Self::Signed(values) => values.iter().copied().map(of_signed).collect(),
            Self::Float(values) => values.iter().copied().map(in_total_order).collect(),
            Self::Decimal(values) => {
                values.iter().copied().map(in_64_bits).map(of_signed).collect()
            }
        }
    }
}

impl Keys {
    pub(super) fn of(column: &ArrayRef, options: SortOptions) -> Result<Self> {
        let nulls = column.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        Ok(Self { values: Values::of(column)?, nulls, options })
    }

    /// Returns the keys of all rows.
    pub(super) fn numbers(&self) -> Vec<u64> {
        let mut numbers = self.values.numbers();
        if self.options.descending {
            for number in &mut numbers {
                *number = !*number;
            }
        }
        if let Some(nulls) = &self.nulls {
            for (number, is_valid) in numbers.iter_mut().zip(nulls) {
                if !is_valid {
                    *number = of_null(self.options);
                }
            }
        }
        numbers
    }

    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Unsigned(values) => values.len(),
            Values::Signed(values) => values.len(),
            Values::Float(values) => values.len(),
            Values::Decimal(values) => values.len(),
        }
    }

    /// Returns the key of a row.
    fn number(&self, row: usize) -> u64 {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return of_null(self.options);
        }
        let number = self.values.number(row);
        if self.options.descending { !number } else { number }
    }

    /// Returns whether a row comes after others of its key, which either are NULL or are not.
    fn is_behind(&self, row: usize) -> bool {
        let is_null = self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
        is_null != self.options.nulls_first
    }
}

/// Returns the key of NULL.
fn of_null(options: SortOptions) -> u64 {
    if options.nulls_first { 0 } else { u64::MAX }
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
                let keys = KeyColumn::concat(vec![keys], options);
                let numbers = keys.batches()[0].numbers();
                let order = sort_to_indices(&column, Some(options), None).unwrap();
                let sorted: Vec<_> = order
                    .values()
                    .iter()
                    .map(|row| {
                        let row = *row as usize;
                        assert_eq!(keys.number((0, row)), numbers[row], "{column:?}");
                        let may_be_null = keys.is_of_null(numbers[row]);
                        (numbers[row], may_be_null && keys.is_behind((0, row)))
                    })
                    .collect();
                assert!(sorted.is_sorted(), "{column:?} {options:?}: {sorted:?}");
            }
        }
    }
}
