//! Values as text, as `PostgreSQL` writes them: `30` and `1e+20`, `2024-01-05 10:00:00.5`,
//! `{1,2,NULL}`, `(1,"a b")`, `\x00ff`.

mod geometries;
mod intervals;
mod moments;
mod parts;

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, ListArray, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Float32Type, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use godwit_udfs::{is_free_numeric, without_zeros, write_double, write_single};

use super::columnar::mapped;
use super::plain::strict_field;

/// Returns the function of the text of any value.
pub(crate) fn text_of_value() -> ScalarUDF {
    ScalarUDF::from(TextOfValue { signature: Signature::any(1, Volatility::Immutable) })
}

/// Returns whether values of a type are written otherwise than the query engine does it.
pub(crate) fn is_written(data_type: &DataType) -> bool {
    data_type.is_floating()
        || data_type.is_temporal()
        || is_free_numeric(data_type)
        || matches!(
            data_type,
            DataType::Struct(_)
                | DataType::List(_)
                | DataType::LargeList(_)
                | DataType::FixedSizeList(..)
        )
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct TextOfValue {
    signature: Signature,
}

impl ScalarUDFImpl for TextOfValue {
    fn name(&self) -> &'static str {
        "godwit_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(strict_field(self.name(), DataType::Utf8, arguments.arg_fields))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let ([value], [field]) = (arguments.args.as_slice(), arguments.arg_fields.as_slice())
        else {
            return exec_err!("one value is expected");
        };
        mapped(value, |values| Ok(Arc::new(texts_of(&labelled(values, field.data_type()))?)))
    }
}

/// Returns values whose type says all that is known of what is inside of them: values themselves
/// need not know that geometries are such.
fn labelled(values: &ArrayRef, data_type: &DataType) -> ArrayRef {
    if !data_type.is_nested() || values.data_type() == data_type {
        return Arc::clone(values);
    }
    cast(values, data_type).unwrap_or_else(|_other| Arc::clone(values))
}

/// Returns arrays with the texts of their elements.
pub(super) fn with_text_items(lists: &ArrayRef) -> Result<ArrayRef> {
    let DataType::List(item) = lists.data_type() else { return Ok(Arc::clone(lists)) };
    let lists = lists.as_list::<i32>();
    let is_nested = matches!(item.data_type(), DataType::List(_));
    let items: ArrayRef = if is_nested {
        with_text_items(lists.values())?
    } else {
        Arc::new(parts::part_texts(lists.values(), item)?)
    };
    let item = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    let (offsets, nulls) = (lists.offsets().clone(), lists.nulls().cloned());
    Ok(Arc::new(ListArray::try_new(item, offsets, items, nulls)?))
}

/// Returns the texts of values.
pub(super) fn texts_of(values: &ArrayRef) -> Result<StringArray> {
    Ok(match values.data_type() {
        DataType::Float64 => {
            let numbers = values.as_primitive::<Float64Type>().iter();
            numbers_of(numbers, |number| (number.is_finite(), number), write_double)
        }
        DataType::Float16 | DataType::Float32 => {
            let values = cast(values, &DataType::Float32)?;
            let numbers = values.as_primitive::<Float32Type>().iter();
            numbers_of(numbers, |number| (number.is_finite(), number.into()), write_single)
        }
        DataType::Interval(_) | DataType::Duration(_) => intervals::texts(values)?,
        temporal if temporal.is_temporal() => moments::texts(values)?,
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => {
            parts::of_arrays(values)?
        }
        DataType::Struct(_) => parts::of_records(values.as_struct())?,
        bytes if bytes.is_binary() => parts::of_bytes(values)?,
        decimal if is_free_numeric(decimal) => {
            let texts = cast(values, &DataType::Utf8)?;
            texts.as_string::<i32>().iter().map(|text| text.map(without_zeros)).collect()
        }
        _ => cast(values, &DataType::Utf8)?.as_string::<i32>().clone(),
    })
}

/// Returns the texts of numbers, of which `class` tells whether they are finite.
fn numbers_of<T: Copy>(
    numbers: impl Iterator<Item = Option<T>>,
    class: fn(T) -> (bool, f64),
    write: fn(T, &mut String),
) -> StringArray {
    let mut texts = StringBuilder::new();
    let mut text = String::new();
    for number in numbers {
        let Some(number) = number else {
            texts.append_null();
            continue;
        };
        text.clear();
        match class(number) {
            (true, _) => write(number, &mut text),
            (false, number) if number.is_nan() => text.push_str("NaN"),
            // Writing to a text cannot fail.
            (false, number) => {
                let sign = if number < 0.0 { "-" } else { "" };
                let _ = write!(text, "{sign}Infinity");
            }
        }
        texts.append_value(&text);
    }
    texts.finish()
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float32Array, Float64Array};

    use super::*;

    #[test]
    fn numbers_look_as_in_postgresql() {
        let doubles = [30.0, 1.5, 1e20, 1e15, 1e14, 1e-5, -0.0, f64::NAN, f64::NEG_INFINITY];
        let doubles: ArrayRef = Arc::new(Float64Array::from(doubles.to_vec()));
        let texts = texts_of(&doubles).unwrap();
        let texts: Vec<_> = texts.iter().flatten().collect();
        let expected =
            ["30", "1.5", "1e+20", "1e+15", "100000000000000", "1e-05", "-0", "NaN", "-Infinity"];
        assert_eq!(texts, expected);
        let singles: ArrayRef =
            Arc::new(Float32Array::from(vec![Some(0.1), None, Some(1e6), Some(f32::INFINITY)]));
        let texts = texts_of(&singles).unwrap();
        let texts: Vec<_> = texts.iter().collect();
        assert_eq!(texts, [Some("0.1"), None, Some("1e+06"), Some("Infinity")]);
    }
}
