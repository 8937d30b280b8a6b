//! `date_trunc`, which must not look at what lies under NULLs: the engine below computes with it,
//! and what an aggregate leaves there is the least of all integers.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray};
use arrow::datatypes::{
    DataType, FieldRef, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use datafusion::common::Result;
use datafusion::functions::datetime;
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature,
};

/// Returns the function.
pub(super) fn date_trunc() -> ScalarUDF {
    ScalarUDF::from(DateTrunc { inner: datetime::date_trunc() })
}

/// The engine's own function, over values with zeros under NULLs.
#[derive(Debug, PartialEq, Eq, Hash)]
struct DateTrunc {
    inner: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for DateTrunc {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        self.inner.return_field_from_args(arguments)
    }

    fn invoke_with_args(&self, mut arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if let Some(ColumnarValue::Array(moments)) = arguments.args.get_mut(1)
            && moments.null_count() > 0
        {
            *moments = without_hidden(moments);
        }
        self.inner.inner().invoke_with_args(arguments)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        self.inner.output_ordering(inputs)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// Returns timestamps with zeros under NULLs, and other values as they are.
fn without_hidden(moments: &ArrayRef) -> ArrayRef {
    match moments.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => zeroed::<TimestampSecondType>(moments),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            zeroed::<TimestampMillisecondType>(moments)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            zeroed::<TimestampMicrosecondType>(moments)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => zeroed::<TimestampNanosecondType>(moments),
        _ => Arc::clone(moments),
    }
}

fn zeroed<T: ArrowPrimitiveType>(moments: &ArrayRef) -> ArrayRef {
    let zeroed: PrimitiveArray<T> = moments.as_primitive::<T>().iter().collect();
    Arc::new(zeroed.with_data_type(moments.data_type().clone()))
}
