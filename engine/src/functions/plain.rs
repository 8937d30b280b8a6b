//! Functions that are no more than a name, types and a computation over whole columns.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature,
    Volatility,
};
use godwit_udfs::as_json;

use super::columnar::{answered, are_constant};

/// A function whose answer depends on its arguments alone.
#[derive(Debug)]
pub(super) struct Plain {
    name: &'static str,
    aliases: Vec<String>,
    signature: Signature,
    returns: DataType,
    is_strict: bool,
    /// Whether the texts of the answers are JSON.
    is_json: bool,
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
        Self {
            name,
            aliases: Vec::new(),
            signature,
            returns,
            is_strict: false,
            is_json: false,
            compute,
        }
    }

    /// Returns the function as one whose answers are JSON.
    pub(super) fn json(mut self) -> Self {
        self.is_json = true;
        self
    }

    /// Returns the function with further names.
    pub(super) fn with_aliases(mut self, aliases: &[&str]) -> Self {
        self.aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
        self
    }

    /// Returns the function as one whose answer is NULL where an argument is, and there alone.
    pub(super) fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }
}

/// Returns the field of answers that are NULL only where an argument is. What is put in the place
/// of an operator or a cast has such a one: the plan around it knows already what is never NULL.
pub(super) fn strict_field(name: &str, data_type: DataType, arguments: &[FieldRef]) -> FieldRef {
    let is_nullable = arguments.iter().any(|argument| argument.is_nullable());
    Arc::new(Field::new(name, data_type, is_nullable))
}

/// Returns the list of exactly these types.
pub(super) fn takes(types: &[DataType]) -> TypeSignature {
    TypeSignature::Exact(types.to_vec())
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

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let returns = self.returns.clone();
        if self.is_strict {
            return Ok(strict_field(self.name, returns, arguments.arg_fields));
        }
        let field = Field::new(self.name, returns, true);
        Ok(Arc::new(if self.is_json { as_json(field) } else { field }))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        answered((self.compute)(&columns)?, is_constant)
    }
}
