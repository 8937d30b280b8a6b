//! The numbers of a list's elements, from one: `UNNEST(list) WITH ORDINALITY` and
//! `generate_subscripts(list, 1)`.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray, Int64Builder, ListBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The name of the function.
pub(crate) const ORDINALS: &str = "generate_subscripts";

/// Returns the function. Its second argument is the dimension, of which there is one.
pub(super) fn ordinals() -> ScalarUDF {
    ScalarUDF::from(Ordinals { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Ordinals {
    signature: Signature,
}

impl ScalarUDFImpl for Ordinals {
    fn name(&self) -> &'static str {
        ORDINALS
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let list = |of: &DataType| match of {
            DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
                DataType::List(Arc::clone(item))
            }
            other => other.clone(),
        };
        match types {
            [of @ (DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..))] => {
                Ok(vec![list(of)])
            }
            [
                of @ (DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..)),
                dimension,
            ] if dimension.is_integer() => Ok(vec![list(of), DataType::Int64]),
            _ => plan_err!("{ORDINALS} takes a list and the dimension 1"),
        }
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(Arc::new(Field::new_list_field(DataType::Int64, true))))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        let [lists, dimensions @ ..] = columns.as_slice() else {
            return exec_err!("{ORDINALS} takes a list");
        };
        let lists = lists.as_list::<i32>();
        let dimensions =
            dimensions.first().map(|column| cast(column, &DataType::Int64)).transpose()?;
        let dimensions = dimensions.as_ref().map(AsArray::as_primitive::<Int64Type>);
        let mut ordinals = ListBuilder::new(Int64Builder::new());
        for row in 0..lists.len() {
            let is_first = dimensions
                .is_none_or(|dimensions| dimensions.is_valid(row) && dimensions.value(row) == 1);
            if lists.is_valid(row) && is_first {
                (1..=i64::from(lists.value_length(row)))
                    .for_each(|ordinal| ordinals.values().append_value(ordinal));
            }
            ordinals.append(true);
        }
        let ordinals: ArrayRef = Arc::new(ordinals.finish());
        Ok(ColumnarValue::Array(ordinals))
    }
}
