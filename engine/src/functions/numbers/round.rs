//! `round`, whose type is that of its arguments at all times: a decimal is as exact as the places
//! say where these are written as a number, and as the rounded one else.
//!
//! The engine below reads the places as it plans a call, too, but takes only small integers for
//! such, so the number that it has read comes to stand in a cast where it finds it no more, and the
//! type of the call is another.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::common::types::{NativeType, logical_float32, logical_float64, logical_int64};
use datafusion::functions::math;
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    Coercion, ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, TypeSignature, TypeSignatureClass, Volatility,
};

use super::places::{as_written, rounded};

/// The function that `round(number, places)` is where the places are not written as a number.
pub(crate) const ROUND_BY: &str = "godwit_round";

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [true, false].map(|is_written| {
        ScalarUDF::from(Round { inner: math::round(), signature: signature(), is_written })
    })
}

/// The function of the engine below, with places of the type that numbers are written in.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Round {
    inner: Arc<ScalarUDF>,
    signature: Signature,
    /// Whether the places are written as a number.
    is_written: bool,
}

/// Returns what the engine below takes, but for the type of the places.
fn signature() -> Signature {
    let decimal = Coercion::new_exact(TypeSignatureClass::Decimal);
    let integer = Coercion::new_exact(TypeSignatureClass::Integer);
    let float = Coercion::new_exact(TypeSignatureClass::Native(logical_float32()));
    let double = Coercion::new_implicit(
        TypeSignatureClass::Native(logical_float64()),
        vec![TypeSignatureClass::Numeric],
        NativeType::Float64,
    );
    let places = Coercion::new_implicit(
        TypeSignatureClass::Native(logical_int64()),
        vec![TypeSignatureClass::Integer],
        NativeType::Int64,
    );
    let both = |number: Coercion| {
        [
            TypeSignature::Coercible(vec![number.clone(), places.clone()]),
            TypeSignature::Coercible(vec![number]),
        ]
    };
    let takes = [decimal, integer, float, double].into_iter().flat_map(both).collect();
    Signature::one_of(takes, Volatility::Immutable)
}

impl ScalarUDFImpl for Round {
    fn name(&self) -> &str {
        if self.is_written { self.inner.name() } else { ROUND_BY }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn is_strict(&self) -> bool {
        self.inner.is_strict()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        let ReturnFieldArgs { arg_fields, scalar_arguments } = arguments;
        let mut scalars = scalar_arguments.to_vec();
        // What is no number yet may become one, when its value is known.
        if let (false, Some(places)) = (self.is_written, scalars.get_mut(1)) {
            *places = None;
        }
        self.inner
            .return_field_from_args(ReturnFieldArgs { arg_fields, scalar_arguments: &scalars })
    }

    fn invoke_with_args(&self, mut arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if let Some(places) = arguments.args.get_mut(1) {
            *places = places.cast_to(&DataType::Int32, None)?;
        }
        let (values, rows) = (arguments.args.clone(), arguments.number_rows);
        let answers = self.inner.inner().invoke_with_args(arguments)?;
        as_written(answers, &values, rows, rounded)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        self.inner.output_ordering(inputs)
    }

    fn documentation(&self) -> Option<&Documentation> {
        if self.is_written { self.inner.documentation() } else { None }
    }
}
