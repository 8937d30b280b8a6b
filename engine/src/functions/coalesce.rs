//! `coalesce` that takes geometries beside null and text literals.

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
            return self.inner.coerce_types(types);
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
