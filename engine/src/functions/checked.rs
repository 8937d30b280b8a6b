//! Sums, differences and products of integers that fail where they do not fit their type; the
//! operators of the engine below go on at its other end.

use arrow::compute::kernels::numeric::{add, mul, sub};
use arrow::datatypes::{DataType, FieldRef};
use arrow::error::ArrowError;
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr_common::datum::apply;

use super::plain::strict_field;
use crate::error::{Code, Error, external};

/// An operation on two integers of one type.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Checked {
    operation: Operation,
    signature: Signature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    Add,
    Subtract,
    Multiply,
}

impl Operation {
    fn of(operator: Operator) -> Option<Self> {
        match operator {
            Operator::Plus => Some(Self::Add),
            Operator::Minus => Some(Self::Subtract),
            Operator::Multiply => Some(Self::Multiply),
            _ => None,
        }
    }

    fn operator(self) -> Operator {
        match self {
            Self::Add => Operator::Plus,
            Self::Subtract => Operator::Minus,
            Self::Multiply => Operator::Multiply,
        }
    }
}

impl Checked {
    /// Returns the functions.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Operation::Add, Operation::Subtract, Operation::Multiply].into_iter().map(Self::new)
    }

    /// Returns the call that an operation on integers stands for, if it is one of these.
    pub(crate) fn call(expr: BinaryExpr) -> std::result::Result<Expr, BinaryExpr> {
        let Some(operation) = Operation::of(expr.op) else { return Err(expr) };
        Ok(ScalarUDF::from(Self::new(operation)).call(vec![*expr.left, *expr.right]))
    }

    /// Returns the call that the negative of an integer stands for.
    pub(crate) fn negative(of: Expr, data_type: &DataType) -> Result<Expr> {
        let zero = Expr::Literal(ScalarValue::new_zero(data_type)?, None);
        Ok(ScalarUDF::from(Self::new(Operation::Subtract)).call(vec![zero, of]))
    }

    fn new(operation: Operation) -> Self {
        Self { operation, signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &'static str {
        match self.operation {
            Operation::Add => "godwit_add",
            Operation::Subtract => "godwit_subtract",
            Operation::Multiply => "godwit_multiply",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        let names: Vec<String> =
            arguments.iter().map(|argument| argument.schema_name().to_string()).collect();
        Ok(names.join(&format!(" {} ", self.operation.operator())))
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [left, right] if left == right && left.is_integer() => Ok(left.clone()),
            _ => Err(DataFusionError::Plan(format!("{} takes two integers", self.name()))),
        }
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        let fields = arguments.arg_fields;
        let types: Vec<_> = fields.iter().map(|field| field.data_type().clone()).collect();
        Ok(strict_field(self.name(), self.return_type(&types)?, fields))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = arguments.args.as_slice() else {
            return Err(DataFusionError::Plan(format!("{} takes two integers", self.name())));
        };
        let result = match self.operation {
            Operation::Add => apply(left, right, add),
            Operation::Subtract => apply(left, right, sub),
            Operation::Multiply => apply(left, right, mul),
        };
        result.map_err(|error| out_of_range(error, &left.data_type()))
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        let [left, right] = inputs else { return Ok(SortProperties::Unordered) };
        let (left, right) = (&left.sort_properties, &right.sort_properties);
        Ok(match self.operation {
            Operation::Add => left.add(right),
            Operation::Subtract => left.sub(right),
            Operation::Multiply => SortProperties::Unordered,
        })
    }
}

/// Returns the error of an operation, an overflow in the words of `PostgreSQL`.
fn out_of_range(error: DataFusionError, data_type: &DataType) -> DataFusionError {
    match &error {
        DataFusionError::ArrowError(arrow, _)
            if matches!(arrow.as_ref(), ArrowError::ArithmeticOverflow(_)) =>
        {
            value_out_of_range(data_type)
        }
        _ => error,
    }
}

/// Returns the error of an integer that does not fit its type.
pub(super) fn value_out_of_range(data_type: &DataType) -> DataFusionError {
    let name = match data_type {
        DataType::Int64 => "bigint",
        DataType::Int32 => "integer",
        DataType::Int16 => "smallint",
        DataType::Int8 => "tinyint",
        _ => "unsigned integer",
    };
    let error = Error::new(Code::ValueOutOfRange, format!("{name} out of range"))
        .with_hint("Type x::double or x::numeric(38, 0) in its place.");
    external(error)
}
