//! Quotients and remainders of floating-point numbers, whose divisors are not zero: the engine below
//! has infinities for such quotients.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array};
use arrow::compute::cast;
use arrow::compute::kernels::numeric::{div, rem};
use arrow::datatypes::{DataType, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr_common::datum::apply;
use godwit_planner::{QUOTIENT, REMAINDER};

use super::super::plain::strict_field;
use crate::error::{Code, Error, external};

/// Returns the call that the quotient of two floating-point numbers of one type stands for.
pub(crate) fn quotient(left: Expr, right: Expr) -> Expr {
    Quotient::function(false).call(vec![left, right])
}

/// Returns the call that the remainder of two floating-point numbers of one type stands for.
pub(crate) fn remainder(left: Expr, right: Expr) -> Expr {
    Quotient::function(true).call(vec![left, right])
}

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [false, true].map(Quotient::function)
}

/// Divides. Nothing divided by zero is nothing, and what is no number stays so.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Quotient {
    /// Whether what is left over is the answer.
    is_remainder: bool,
    signature: Signature,
}

impl Quotient {
    fn function(is_remainder: bool) -> ScalarUDF {
        let signature = Signature::any(2, Volatility::Immutable);
        ScalarUDF::from(Self { is_remainder, signature })
    }

    fn operator(&self) -> Operator {
        if self.is_remainder { Operator::Modulo } else { Operator::Divide }
    }
}

impl ScalarUDFImpl for Quotient {
    fn name(&self) -> &'static str {
        if self.is_remainder { REMAINDER } else { QUOTIENT }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        let names: Vec<String> =
            arguments.iter().map(|argument| argument.schema_name().to_string()).collect();
        Ok(names.join(&format!(" {} ", self.operator())))
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [left, right] if left == right && left.is_floating() => Ok(left.clone()),
            _ => plan_err!("{} takes two floating-point numbers", self.name()),
        }
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        let fields = arguments.arg_fields;
        let types: Vec<_> = fields.iter().map(|field| field.data_type().clone()).collect();
        Ok(strict_field(self.name(), self.return_type(&types)?, fields))
    }

    fn is_strict(&self) -> bool {
        true
    }

    /// Gives the operator back where the divisor turns out to be a constant that is not zero: other
    /// rules know it.
    fn simplify(
        &self,
        arguments: Vec<Expr>,
        _context: &SimplifyContext,
    ) -> Result<ExprSimplifyResult> {
        let nothing = arguments.iter().find(|argument| is_constant(argument, ScalarValue::is_null));
        if let Some(nothing) = nothing {
            return Ok(ExprSimplifyResult::Simplified(nothing.clone()));
        }
        Ok(match <[Expr; 2]>::try_from(arguments) {
            Ok([left, right]) if is_constant(&right, |divisor| !is_zero(divisor)) => {
                let divided = BinaryExpr::new(Box::new(left), self.operator(), Box::new(right));
                ExprSimplifyResult::Simplified(Expr::BinaryExpr(divided))
            }
            Ok(both) => ExprSimplifyResult::Original(both.into()),
            Err(arguments) => ExprSimplifyResult::Original(arguments),
        })
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = arguments.args.as_slice() else {
            return exec_err!("{} takes two numbers", self.name());
        };
        if divides_by_zero(left, right, arguments.number_rows)? {
            return Err(external(
                Error::new(Code::DivisionByZero, "division by zero")
                    .with_hint("Type x / nullif(y, 0) for NULL where the divisor is zero."),
            ));
        }
        if self.is_remainder { apply(left, right, rem) } else { apply(left, right, div) }
    }
}

fn is_constant(expr: &Expr, is_such: impl Fn(&ScalarValue) -> bool) -> bool {
    matches!(expr, Expr::Literal(value, _) if is_such(value))
}

/// Returns whether a number of some row is divided by zero.
fn divides_by_zero(left: &ColumnarValue, right: &ColumnarValue, row_count: usize) -> Result<bool> {
    let has_zero = match right {
        ColumnarValue::Scalar(divisor) => is_zero(divisor),
        ColumnarValue::Array(divisors) => doubles(divisors)?.values().contains(&0.0),
    };
    if !has_zero {
        return Ok(false);
    }
    let (left, right) =
        (doubles(&left.to_array(row_count)?)?, doubles(&right.to_array(row_count)?)?);
    let is_number = |left: Option<f64>| left.is_some_and(|left| !left.is_nan());
    Ok(left.iter().zip(&right).any(|(left, right)| right == Some(0.0) && is_number(left)))
}

fn is_zero(divisor: &ScalarValue) -> bool {
    match divisor {
        ScalarValue::Float64(of) => *of == Some(0.0),
        ScalarValue::Float32(of) => *of == Some(0.0),
        ScalarValue::Float16(of) => of.is_some_and(|of| of.to_f64() == 0.0),
        _ => false,
    }
}

fn doubles(numbers: &ArrayRef) -> Result<Float64Array> {
    let numbers = match numbers.data_type() {
        DataType::Float64 => Arc::clone(numbers),
        _ => cast(numbers, &DataType::Float64)?,
    };
    Ok(numbers.as_primitive::<Float64Type>().clone())
}
