//! `scale` and `min_scale`: how many digits a number has behind its point.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Int32Array};
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, DecimalType, Float64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [false, true].map(|is_least| {
        ScalarUDF::from(Scale {
            is_least,
            signature: Signature::user_defined(Volatility::Immutable),
        })
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Scale {
    /// Whether zeros at the end do not count.
    is_least: bool,
    signature: Signature,
}

impl ScalarUDFImpl for Scale {
    fn name(&self) -> &'static str {
        if self.is_least { "min_scale" } else { "scale" }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [number] = types else { return plan_err!("{} takes one number", self.name()) };
        match number {
            DataType::Decimal128(..) | DataType::Decimal256(..) => Ok(vec![number.clone()]),
            DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
                Ok(vec![DataType::Decimal128(*precision, *scale)])
            }
            other if other.is_integer() => Ok(vec![DataType::Decimal128(20, 0)]),
            other if other.is_floating() || other.is_null() => Ok(vec![DataType::Float64]),
            other => plan_err!("{} takes a number, not a value of type {other}", self.name()),
        }
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [numbers] = arguments.args.as_slice() else {
            return exec_err!("{} takes one number", self.name());
        };
        let numbers = numbers.to_array(arguments.number_rows)?;
        let scales: Int32Array = match numbers.data_type() {
            DataType::Decimal128(..) => self.of_decimals::<Decimal128Type>(&numbers),
            DataType::Decimal256(..) => self.of_decimals::<Decimal256Type>(&numbers),
            _ => {
                let numbers = numbers.as_primitive::<Float64Type>().iter();
                let finite = numbers.map(|number| number.filter(|number| number.is_finite()));
                finite.map(|number| self.digits(&number?.to_string())).collect()
            }
        };
        Ok(ColumnarValue::Array(Arc::new(scales)))
    }
}

impl Scale {
    fn of_decimals<T: DecimalType>(&self, numbers: &ArrayRef) -> Int32Array {
        let numbers = numbers.as_primitive::<T>();
        let text = |row| numbers.is_valid(row).then(|| numbers.value_as_string(row));
        (0..numbers.len()).map(|row| text(row).and_then(|text| self.digits(&text))).collect()
    }

    /// Returns how many digits stand behind the point of a number.
    fn digits(&self, number: &str) -> Option<i32> {
        let (_, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction = if self.is_least { fraction.trim_end_matches('0') } else { fraction };
        i32::try_from(fraction.len()).ok()
    }
}
