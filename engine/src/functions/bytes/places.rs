//! `get_byte`, `set_byte`, `get_bit`, `set_bit` and `bit_count`: places are counted from zero, and of
//! the bits of a byte the lowest is the first.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BinaryBuilder, BinaryViewArray, Int32Array, Int64Array,
};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Compute, Plain, takes};
use crate::error::{Code, Error, external};

const BYTES: DataType = DataType::BinaryView;
const INTEGER: DataType = DataType::Int64;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let get = |name, compute: Compute| {
        Plain::new(name, vec![takes(&[BYTES, INTEGER])], DataType::Int32, compute).into()
    };
    let set = |name, compute: Compute| {
        let types = vec![takes(&[BYTES, INTEGER, INTEGER])];
        Plain::new(name, types, DataType::Binary, compute).into()
    };
    vec![
        get("get_byte", |columns| read(columns, &BYTE)),
        get("get_bit", |columns| read(columns, &BIT)),
        set("set_byte", |columns| written(columns, &BYTE)),
        set("set_bit", |columns| written(columns, &BIT)),
        Plain::new("bit_count", vec![takes(&[BYTES])], INTEGER, counted).into(),
    ]
}

/// What is at a place.
struct Unit {
    /// How many there are in a byte.
    in_byte: usize,
    /// The bits of the first one.
    mask: u8,
}

const BYTE: Unit = Unit { in_byte: 1, mask: 0xff };
const BIT: Unit = Unit { in_byte: 8, mask: 1 };

impl Unit {
    /// Returns what a number puts into a place. Of a number that is no byte, the lowest eight bits
    /// count.
    fn value(&self, number: i64) -> Result<u8> {
        let value = if self.in_byte == 1 { number.rem_euclid(256) } else { number };
        let value = u8::try_from(value).ok().filter(|value| *value <= self.mask);
        value
            .ok_or_else(|| external(Error::new(Code::InvalidParameter, "a new bit must be 0 or 1")))
    }

    /// Returns the byte that a place is in, and by how many bits it is moved there.
    fn position(&self, bytes: &[u8], place: i64) -> Result<(usize, usize)> {
        let count = bytes.len() * self.in_byte;
        match usize::try_from(place) {
            Ok(known) if known < count => Ok((known / self.in_byte, known % self.in_byte)),
            _ => Err(out_of_range(place, count)),
        }
    }
}

fn read(columns: &[ArrayRef], unit: &Unit) -> Result<ArrayRef> {
    let [bytes, places] = columns else { return exec_err!("bytes and a place are expected") };
    let (bytes, places) = (bytes.as_binary_view(), places.as_primitive::<Int64Type>());
    let values = bytes.iter().zip(places).map(|pair| {
        let (Some(bytes), Some(place)) = pair else { return Ok(None) };
        let (index, shift) = unit.position(bytes, place)?;
        let byte = bytes.get(index).copied().unwrap_or_default();
        Ok(Some(i32::from((byte >> shift) & unit.mask)))
    });
    Ok(Arc::new(values.collect::<Result<Int32Array>>()?))
}

fn written(columns: &[ArrayRef], unit: &Unit) -> Result<ArrayRef> {
    let [bytes, places, values] = columns else {
        return exec_err!("bytes, a place and a value are expected");
    };
    let bytes: &BinaryViewArray = bytes.as_binary_view();
    let (places, values) = (places.as_primitive::<Int64Type>(), values.as_primitive::<Int64Type>());
    let mut answers = BinaryBuilder::new();
    for row in 0..bytes.len() {
        if bytes.is_null(row) || places.is_null(row) || values.is_null(row) {
            answers.append_null();
            continue;
        }
        let value = unit.value(values.value(row))?;
        let (index, shift) = unit.position(bytes.value(row), places.value(row))?;
        let mut changed = bytes.value(row).to_vec();
        if let Some(byte) = changed.get_mut(index) {
            *byte = (*byte & !(unit.mask << shift)) | (value << shift);
        }
        answers.append_value(&changed);
    }
    Ok(Arc::new(answers.finish()))
}

fn counted(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [bytes] = columns else { return exec_err!("one value of bytes is expected") };
    let count = |bytes: &[u8]| bytes.iter().map(|byte| i64::from(byte.count_ones())).sum::<i64>();
    let counts = bytes.as_binary_view().iter().map(|bytes| bytes.map(count));
    Ok(Arc::new(counts.collect::<Int64Array>()))
}

fn out_of_range(place: i64, count: usize) -> DataFusionError {
    let message = format!("place {place} is not one of the {count} that there are");
    external(
        Error::new(Code::InvalidParameter, message)
            .with_hint("Places are counted from zero, and length(x) says how many bytes x has."),
    )
}
