//! `concat` and `concat_ws`, which take records, too, and write truth values with one letter, as
//! `PostgreSQL` does. Those of the engine below take what they can cast to texts.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::functions::string;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::super::columnar::mapped;
use super::super::written::texts_of;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [string::concat(), string::concat_ws()].map(|inner| {
        let signature = Signature::user_defined(Volatility::Immutable);
        ScalarUDF::from(Concat { inner, signature })
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Concat {
    inner: Arc<ScalarUDF>,
    signature: Signature,
}

/// Returns whether values of a type are written here.
fn is_written(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Boolean | DataType::Struct(_))
}

/// Returns the types that the function of the engine below is given.
fn given(types: &[DataType]) -> Vec<DataType> {
    let text = |of: &DataType| if is_written(of) { DataType::Utf8 } else { of.clone() };
    types.iter().map(text).collect()
}

impl ScalarUDFImpl for Concat {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let coerced = self.inner.coerce_types(&given(types))?;
        let kept = |(of, to): (&DataType, DataType)| if is_written(of) { of.clone() } else { to };
        Ok(types.iter().zip(coerced).map(kept).collect())
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(&given(types))
    }

    fn invoke_with_args(&self, mut arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let returns = arguments.return_field.data_type().clone();
        for (value, field) in arguments.args.iter_mut().zip(&mut arguments.arg_fields) {
            if is_written(&value.data_type()) {
                *value = mapped(value, texts)?.cast_to(&returns, None)?;
                *field = Arc::new(Field::new(field.name(), returns.clone(), true));
            }
        }
        self.inner.inner().invoke_with_args(arguments)
    }

    fn simplify(&self, arguments: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let is_text = |of: &Expr| info.get_data_type(of).is_ok_and(|of| of.is_string());
        if arguments.iter().all(is_text) {
            return self.inner.simplify(arguments, info);
        }
        Ok(ExprSimplifyResult::Original(arguments))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

fn texts(values: &ArrayRef) -> Result<ArrayRef> {
    let letter = |truth: bool| if truth { "t" } else { "f" };
    Ok(match values.as_boolean_opt() {
        Some(truths) => {
            let letters = truths.iter().map(|truth| truth.map(letter));
            Arc::new(letters.collect::<StringArray>())
        }
        None => Arc::new(texts_of(values)?),
    })
}
