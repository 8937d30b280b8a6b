//! Numbers from many batches.

use std::sync::Arc;

use arrow::array::downcast_primitive;
use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::DataType;

/// Returns the values at places (array and row) of arrays of a type of fixed width, NULL at those
/// of no array; nothing for other types.
pub(super) fn gathered(
    arrays: &[&dyn Array],
    places: &[(usize, usize)],
    data_type: &DataType,
) -> Option<ArrayRef> {
    macro_rules! gathered_as {
        ($numbers:ty) => {
            gathered_as::<$numbers>(arrays, places, data_type)
        };
    }
    downcast_primitive! {
        data_type => (gathered_as),
        _ => None,
    }
}

fn gathered_as<T: ArrowPrimitiveType>(
    arrays: &[&dyn Array],
    places: &[(usize, usize)],
    data_type: &DataType,
) -> Option<ArrayRef> {
    let values = arrays.iter().map(|array| Some(&**array.as_primitive_opt::<T>()?.values()));
    let values = values.collect::<Option<Vec<_>>>()?;
    let value = |(array, row): &(usize, usize)| {
        values.get(*array).and_then(|values| values.get(*row)).copied().unwrap_or_default()
    };
    let numbers = places.iter().map(value).collect::<Vec<_>>();
    let numbers = PrimitiveArray::<T>::try_new(numbers.into(), nulls(arrays, places)).ok()?;
    Some(Arc::new(numbers.with_data_type(data_type.clone())))
}

/// Returns which places have no value.
fn nulls(arrays: &[&dyn Array], places: &[(usize, usize)]) -> Option<NullBuffer> {
    let nulls: Vec<_> = arrays.iter().map(|array| array.nulls()).collect();
    let is_complete =
        nulls.iter().all(Option::is_none) && places.iter().all(|(array, _)| *array < arrays.len());
    if is_complete {
        return None;
    }
    let is_valid = |index: usize| {
        let place = places.get(index).and_then(|(array, row)| Some((nulls.get(*array)?, *row)));
        place.is_some_and(|(nulls, row)| nulls.is_none_or(|nulls| nulls.is_valid(row)))
    };
    Some(NullBuffer::new(BooleanBuffer::collect_bool(places.len(), is_valid)))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, StringArray, TimestampMicrosecondArray, new_null_array};
    use arrow::compute::interleave;
    use arrow::datatypes::TimeUnit;

    use super::*;

    #[test]
    fn numbers_are_those_of_the_kernel_for_all_types() {
        let places = [(1, 2), (0, 0), (1, 0), (0, 1), (2, 0), (1, 1)];
        let zone = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let times = |times: Vec<Option<i64>>| -> ArrayRef {
            Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))
        };
        let doubles =
            |doubles: Vec<Option<f64>>| -> ArrayRef { Arc::new(Float64Array::from(doubles)) };
        let columns = [
            (zone, times(vec![Some(1), None]), times(vec![Some(3), Some(4), Some(5)])),
            (
                DataType::Float64,
                doubles(vec![Some(1.5), Some(-0.0)]),
                doubles(vec![Some(f64::NAN), Some(f64::INFINITY), Some(2.5)]),
            ),
        ];
        for (data_type, first, second) in columns {
            let nulls = new_null_array(&data_type, 1);
            for places in [&places[..], &places[..4]] {
                let arrays: [&dyn Array; 2] = [&first, &second];
                let gathered = gathered(&arrays, places, &data_type).expect("numbers");
                let expected = interleave(&[&first, &second, &nulls], places).expect("an array");
                assert_eq!(&gathered, &expected);
                assert_eq!(gathered.data_type(), &data_type);
            }
        }
        let texts = StringArray::from(vec!["a"]);
        assert!(gathered(&[&texts], &[(0, 0)], &DataType::Utf8).is_none());
    }
}
