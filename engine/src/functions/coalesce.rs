//! `coalesce` that takes geometries beside null and text literals, and texts beside dates, times,
//! intervals and truth values as such.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::functions::core::coalesce;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};

/// The engine's own function, with other coercion of bytes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Coalesce {
    inner: Arc<ScalarUDF>,
    signature: Signature,
}

impl Coalesce {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { inner: coalesce(), signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Coalesce {
    fn name(&self) -> &'static str {
        "coalesce"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.inner.return_field_from_args(arguments)
    }

    /// Returns the types of the arguments, nulls beside bytes as bytes. Texts beside geometries
    /// become geometries before anything is run.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let Some(bytes) = types.iter().find(|data_type| data_type.is_binary()) else {
            let read = read_as(types, |others| self.inner.coerce_types(others))?;
            return read.map_or_else(|| self.inner.coerce_types(types), Ok);
        };
        let wanted = types.iter().map(|given| match given {
            given if given.is_binary() || given.is_null() => Some(bytes.clone()),
            given if given.is_string() => Some(given.clone()),
            _ => None,
        });
        wanted.collect::<Option<Vec<_>>>().map_or_else(|| self.inner.coerce_types(types), Ok)
    }

    fn simplify(
        &self,
        arguments: Vec<Expr>,
        context: &SimplifyContext,
    ) -> Result<ExprSimplifyResult> {
        self.inner.simplify(arguments, context)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.inner.invoke_with_args(arguments)
    }

    fn conditional_arguments<'a>(
        &self,
        arguments: &'a [Expr],
    ) -> Option<(Vec<&'a Expr>, Vec<&'a Expr>)> {
        self.inner.conditional_arguments(arguments)
    }

    fn short_circuits(&self) -> bool {
        true
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// Returns the types of values among which there are texts that are read as the others; nothing if
/// these are not of a type that texts are no values of.
fn read_as(
    types: &[DataType],
    common: impl Fn(&[DataType]) -> Result<Vec<DataType>>,
) -> Result<Option<Vec<DataType>>> {
    let is_read = |of: &DataType| of.is_temporal() || *of == DataType::Boolean;
    let others: Vec<DataType> = types.iter().filter(|of| !of.is_string()).cloned().collect();
    if others.len() == types.len() || !others.iter().any(is_read) {
        return Ok(None);
    }
    let wanted = common(&others)?.into_iter().find(is_read);
    Ok(wanted.map(|wanted| vec![wanted; types.len()]))
}
