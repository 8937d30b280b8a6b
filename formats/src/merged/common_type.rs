//! The type that holds the values of two types.

use std::cmp::max;
use std::sync::Arc;

use arrow::datatypes::{
    DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Field, FieldRef, Fields, TimeUnit,
};

/// Returns the column that holds the values of both, if there is one and their metadata agree.
pub(super) fn common_field(left: &Field, right: &Field) -> Option<Field> {
    let data_type = common_type(left.data_type(), right.data_type())?;
    let mut metadata = left.metadata().clone();
    for (key, value) in right.metadata() {
        if metadata.get(key).is_some_and(|known| known != value) {
            return None;
        }
        metadata.insert(key.clone(), value.clone());
    }
    let is_nullable = left.is_nullable() || right.is_nullable();
    Some(Field::new(left.name(), data_type, is_nullable).with_metadata(metadata))
}

fn common_type(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{Dictionary, LargeList, List, Null, Struct, Timestamp};
    match (left, right) {
        _ if left == right => Some(left.clone()),
        (Null, other) | (other, Null) => Some(other.clone()),
        (Dictionary(_, values), other) | (other, Dictionary(_, values)) => {
            common_type(values, other)
        }
        (Timestamp(left, left_zone), Timestamp(right, right_zone)) => {
            let is_same = left_zone.is_some() == right_zone.is_some();
            is_same.then(|| Timestamp(max(*left, *right), left_zone.clone()))
        }
        (List(left), List(right)) => Some(List(common_item(left, right)?)),
        (LargeList(left) | List(left), LargeList(right) | List(right)) => {
            Some(LargeList(common_item(left, right)?))
        }
        (Struct(left), Struct(right)) => Some(Struct(common_fields(left, right)?)),
        _ if left.is_numeric() && right.is_numeric() => common_number(left, right),
        _ => common_time(left, right)
            .or_else(|| common_kind(&TEXTS, left, right))
            .or_else(|| common_kind(&BYTES, left, right)),
    }
}

/// From the narrowest to the widest.
const TEXTS: [DataType; 3] = [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View];
const BYTES: [DataType; 3] = [DataType::Binary, DataType::LargeBinary, DataType::BinaryView];

fn common_kind(kinds: &[DataType], left: &DataType, right: &DataType) -> Option<DataType> {
    let place = |wanted: &DataType| kinds.iter().position(|kind| kind == wanted);
    kinds.get(max(place(left)?, place(right)?)).cloned()
}

fn common_item(left: &Field, right: &Field) -> Option<FieldRef> {
    common_field(left, right).map(Arc::new)
}

fn common_fields(left: &Fields, right: &Fields) -> Option<Fields> {
    let only_left = |field: &FieldRef| right.find(field.name()).is_none();
    let fields = left.iter().map(|field| {
        // A file without it has none of its values.
        let is_nullable = field.is_nullable() || only_left(field);
        Arc::new(field.as_ref().clone().with_nullable(is_nullable))
    });
    let mut fields: Vec<FieldRef> = fields.collect();
    for other in right {
        match fields.iter_mut().find(|field| field.name() == other.name()) {
            Some(field) => *field = Arc::new(common_field(field, other)?),
            None => fields.push(Arc::new(other.as_ref().clone().with_nullable(true))),
        }
    }
    Some(fields.into())
}

fn common_time(left: &DataType, right: &DataType) -> Option<DataType> {
    let unit = |data_type: &DataType| match data_type {
        DataType::Time32(unit) | DataType::Time64(unit) => Some(*unit),
        _ => None,
    };
    let unit = max(unit(left)?, unit(right)?);
    Some(match unit {
        TimeUnit::Second | TimeUnit::Millisecond => DataType::Time32(unit),
        TimeUnit::Microsecond | TimeUnit::Nanosecond => DataType::Time64(unit),
    })
}

fn common_number(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{Float16, Float32, Float64};
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        return Some(common_integer(left, right));
    }
    match (left, right) {
        (Float16, Float32) | (Float32, Float16) => Some(Float32),
        _ if left.is_floating() || right.is_floating() => {
            (is_double(left) && is_double(right)).then_some(Float64)
        }
        _ => common_decimal(digits(left)?, digits(right)?),
    }
}

/// Returns whether all numbers of a type are doubles, as those of more than 15 digits are not.
fn is_double(data_type: &DataType) -> bool {
    data_type.is_floating() || digits(data_type).is_some_and(|(before, after)| before + after <= 15)
}

/// Returns whether an integer has a sign, and its bits.
fn integer(data_type: &DataType) -> Option<(bool, usize)> {
    let bits = data_type.primitive_width()? * 8;
    data_type.is_integer().then(|| (data_type.is_signed_integer(), bits))
}

fn common_integer(left: (bool, usize), right: (bool, usize)) -> DataType {
    let is_signed = left.0 || right.0;
    // A sign takes the place of a bit.
    let bits = |(own, bits): (bool, usize)| if is_signed && !own { bits * 2 } else { bits };
    match (is_signed, max(bits(left), bits(right))) {
        (true, 16) => DataType::Int16,
        (true, 32) => DataType::Int32,
        (true, 64) => DataType::Int64,
        (true, _) => DataType::Decimal128(20, 0),
        (false, 16) => DataType::UInt16,
        (false, 32) => DataType::UInt32,
        (false, _) => DataType::UInt64,
    }
}

/// Returns how many digits a number has before and after the point.
fn digits(data_type: &DataType) -> Option<(i16, i16)> {
    match data_type {
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            Some((i16::from(*precision) - i16::from(*scale), i16::from(*scale)))
        }
        _ => match integer(data_type)? {
            (_, 8) => Some((3, 0)),
            (_, 16) => Some((5, 0)),
            (_, 32) => Some((10, 0)),
            (is_signed, _) => Some((if is_signed { 19 } else { 20 }, 0)),
        },
    }
}

fn common_decimal(left: (i16, i16), right: (i16, i16)) -> Option<DataType> {
    let (before, after) = (max(left.0, right.0), max(left.1, right.1));
    let (precision, scale) = (u8::try_from(before + after).ok()?, i8::try_from(after).ok()?);
    match precision {
        _ if precision <= DECIMAL128_MAX_PRECISION => Some(DataType::Decimal128(precision, scale)),
        _ if precision <= DECIMAL256_MAX_PRECISION => Some(DataType::Decimal256(precision, scale)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wider_type_holds_both() {
        use DataType::{
            Binary, Boolean, Date32, Decimal128, Decimal256, Dictionary, Float32, Float64, Int8,
            Int16, Int32, Int64, LargeUtf8, Null, Time32, Time64, Timestamp, UInt8, UInt32, UInt64,
            Utf8, Utf8View,
        };
        let dictionary = Dictionary(Box::new(Int32), Box::new(Utf8));
        let utc = Some(Arc::from("UTC"));
        for (left, right, expected) in [
            (Int32, Int64, Some(Int64)),
            (UInt8, Int8, Some(Int16)),
            (UInt32, Int8, Some(Int64)),
            (UInt64, Int64, Some(Decimal128(20, 0))),
            (UInt8, UInt32, Some(UInt32)),
            (Int64, Float32, None),
            (Int32, Float32, Some(Float64)),
            (Float32, Float64, Some(Float64)),
            (Decimal128(10, 2), Float64, Some(Float64)),
            (Decimal128(10, 2), Decimal128(8, 4), Some(Decimal128(12, 4))),
            (Decimal128(38, 0), Decimal128(10, 10), Some(Decimal256(48, 10))),
            (Decimal128(5, 2), Int32, Some(Decimal128(12, 2))),
            (dictionary.clone(), Utf8View, Some(Utf8View)),
            (dictionary, Int32, None),
            (Utf8, LargeUtf8, Some(LargeUtf8)),
            (Utf8, Binary, None),
            (Null, Boolean, Some(Boolean)),
            (Int32, Boolean, None),
            (Int32, Utf8, None),
            (Date32, Timestamp(TimeUnit::Second, None), None),
            (
                Timestamp(TimeUnit::Millisecond, None),
                Timestamp(TimeUnit::Microsecond, None),
                Some(Timestamp(TimeUnit::Microsecond, None)),
            ),
            (Timestamp(TimeUnit::Second, utc), Timestamp(TimeUnit::Second, None), None),
            (
                Time32(TimeUnit::Millisecond),
                Time64(TimeUnit::Microsecond),
                Some(Time64(TimeUnit::Microsecond)),
            ),
        ] {
            assert_eq!(common_type(&left, &right), expected, "{left} {right}");
            assert_eq!(common_type(&right, &left), expected, "{right} {left}");
        }
    }

    #[test]
    fn nested_types_are_merged_by_their_parts() {
        let list = |item| DataType::List(Arc::new(Field::new("item", item, true)));
        assert_eq!(
            common_type(&list(DataType::Int32), &list(DataType::Int64)),
            Some(list(DataType::Int64))
        );
        let field = |name: &str, kind| Arc::new(Field::new(name, kind, true));
        let left = Fields::from(vec![field("a", DataType::Int32)]);
        let right = Fields::from(vec![field("b", DataType::Utf8), field("a", DataType::Float64)]);
        let merged = vec![field("a", DataType::Float64), field("b", DataType::Utf8)];
        assert_eq!(
            common_type(&DataType::Struct(left), &DataType::Struct(right)),
            Some(DataType::Struct(merged.into()))
        );
    }
}
