//! `length` and `octet_length` that count the bytes of binary values and the elements of lists;
//! those of the engine below take texts alone.

use std::sync::Arc;

use arrow::compute::{cast, kernels::length::length};
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::functions::{string::octet_length, unicode::character_length};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::columnar::mapped;

/// One of the engine's own functions, with bytes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Length {
    inner: Arc<ScalarUDF>,
    signature: Signature,
}

impl Length {
    /// Returns the functions.
    pub(crate) fn all() -> [Self; 2] {
        [character_length(), octet_length()]
            .map(|inner| Self { inner, signature: Signature::user_defined(Volatility::Immutable) })
    }
}

impl ScalarUDFImpl for Length {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [only] if is_counted(only) => Ok(DataType::Int64),
            _ => self.inner.return_type(types),
        }
    }

    /// Returns the type of the argument: bytes and texts as they are, anything else as text.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [only] = types else {
            let name = self.name();
            return plan_err!(
                "No function matches {name}({}). Candidate functions: {name}(text), {name}(binary), {name}(list)",
                types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            );
        };
        let is_kept = match only {
            DataType::Dictionary(_, values) => values.is_string(),
            other => is_counted(other) || other.is_string(),
        };
        Ok(vec![if is_kept { only.clone() } else { DataType::Utf8 }])
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match arguments.args.as_slice() {
            [value] if is_counted(&value.data_type()) => {
                mapped(value, |values| Ok(cast(&length(values)?, &DataType::Int64)?))
            }
            _ => self.inner.invoke_with_args(arguments),
        }
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// Returns whether values are counted here: bytes and lists.
fn is_counted(data_type: &DataType) -> bool {
    data_type.is_binary()
        || matches!(
            data_type,
            DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..)
        )
}
