//! Functions that are no more than a name, types and a computation over whole columns.

use std::hash::{Hash, Hasher};

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

use crate::error::Error;

/// A function whose answer depends on its arguments alone.
#[derive(Debug)]
pub(super) struct Plain {
    name: &'static str,
    aliases: Vec<String>,
    signature: Signature,
    returns: DataType,
    compute: Compute,
}

/// Computes a column of answers from columns of one length.
pub(super) type Compute = fn(&[ArrayRef]) -> Result<ArrayRef>;

impl Plain {
    /// Returns a function that takes one of several lists of types.
    pub(super) fn new(
        name: &'static str,
        takes: Vec<TypeSignature>,
        returns: DataType,
        compute: Compute,
    ) -> Self {
        let signature = Signature::one_of(takes, Volatility::Immutable);
        Self { name, aliases: Vec::new(), signature, returns, compute }
    }

    /// Returns the function with further names.
    pub(super) fn with_aliases(mut self, aliases: &[&str]) -> Self {
        self.aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
        self
    }
}

/// Returns the list of exactly these types.
pub(super) fn takes(types: &[DataType]) -> TypeSignature {
    TypeSignature::Exact(types.to_vec())
}

/// Returns an error of ours as one of the query engine.
pub(super) fn failed(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

// A name stands for one function.
impl PartialEq for Plain {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Plain {}

impl Hash for Plain {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Plain {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant =
            arguments.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let answers = (self.compute)(&columns)?;
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&answers, 0)?));
        }
        Ok(ColumnarValue::Array(answers))
    }
}
