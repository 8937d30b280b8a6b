//! Operators of `PostgreSQL` on intervals, lists and JSON texts, planned as functions. Which those of
//! JSON are is said by `json_operators`.

use std::sync::Arc;

use arrow::datatypes::{DECIMAL_DEFAULT_SCALE, DataType, TimeUnit};
use datafusion::common::{DFSchema, Result, ScalarValue, plan_err};
use datafusion::functions_nested::expr_fn::array_has_any;
use datafusion::logical_expr::planner::{
    ExprPlanner, PlannerResult, RawBinaryExpr, RawFieldAccessExpr,
};
use datafusion::logical_expr::{Expr, ExprSchemable as _, ScalarUDF, cast, lit};
use sqlparser::ast::BinaryOperator;

use super::conversions::interval;
use super::{json_operators, untyped_arrays, untyped_operands};
use crate::functions::{DATE_PART, INTERVAL_DIVIDE, INTERVAL_MULTIPLY, ROW, text_of_value};

/// What a whole number is that a decimal divides: every integer fits, with the digits behind the
/// point that a `numeric` without a scale has.
const DIVIDEND: DataType =
    DataType::Decimal128(20 + DECIMAL_DEFAULT_SCALE.unsigned_abs(), DECIMAL_DEFAULT_SCALE);

/// Plans operators of values.
#[derive(Debug)]
pub(crate) struct ValueOperators {
    functions: Vec<Arc<ScalarUDF>>,
}

impl ValueOperators {
    /// Returns the planner, which finds its functions among these.
    pub(crate) fn new(functions: &[Arc<ScalarUDF>]) -> Self {
        const NAMES: [&str; 4] = [DATE_PART, INTERVAL_DIVIDE, INTERVAL_MULTIPLY, ROW];
        let is_needed = |function: &&Arc<ScalarUDF>| {
            NAMES.contains(&function.name()) || json_operators::FUNCTIONS.contains(&function.name())
        };
        Self { functions: functions.iter().filter(is_needed).cloned().collect() }
    }

    fn call<T>(&self, name: &str, arguments: Vec<Expr>) -> Result<PlannerResult<T>> {
        let Some(function) = self.functions.iter().find(|function| function.name() == name) else {
            return plan_err!("the function {name} does not exist");
        };
        Ok(PlannerResult::Planned(function.call(arguments)))
    }
}

impl ExprPlanner for ValueOperators {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        let expr = untyped_arrays::typed(expr, schema);
        if let Some((function, operands)) = json_operators::call_of(&expr, schema)? {
            return self.call(function, operands);
        }
        if expr.op == BinaryOperator::StringConcat {
            return Ok(PlannerResult::Original(with_texts(expr, schema)));
        }
        if is_comparison(&expr.op) {
            let expr = json_operators::spelled_alike(expr, schema);
            return Ok(PlannerResult::Original(with_intervals(expr, schema)));
        }
        if !matches!(
            expr.op,
            BinaryOperator::Plus
                | BinaryOperator::Minus
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Modulo
                | BinaryOperator::PGOverlap
        ) {
            return Ok(PlannerResult::Original(expr));
        }
        let expr = match expr.op {
            BinaryOperator::PGOverlap => expr,
            _ => untyped_operands::typed(expr, schema),
        };
        // The type of a parameter is not known yet.
        let types = (expr.left.get_type(schema), expr.right.get_type(schema));
        let (Ok(left), Ok(right)) = types else { return Ok(PlannerResult::Original(expr)) };
        match expr.op {
            BinaryOperator::PGOverlap if is_list(&left) && is_list(&right) => {
                Ok(PlannerResult::Planned(array_has_any(expr.left, expr.right)))
            }
            // The engine below takes a remainder by one for nothing, which holds for integers
            // alone. That by minus one is the same.
            BinaryOperator::Modulo if left.is_decimal() && is_one(&expr.right) => {
                let right = lit(-1_i64);
                Ok(PlannerResult::Original(RawBinaryExpr { right, ..expr }))
            }
            // The hours of an interval would be lost in a date.
            BinaryOperator::Plus | BinaryOperator::Minus
                if is_date(&left) && is_interval(&right) =>
            {
                let left = timestamp(expr.left);
                Ok(PlannerResult::Original(RawBinaryExpr { left, ..expr }))
            }
            BinaryOperator::Plus if is_interval(&left) && is_date(&right) => {
                let right = timestamp(expr.right);
                Ok(PlannerResult::Original(RawBinaryExpr { right, ..expr }))
            }
            // The hour of a moment is an integer here and none in PostgreSQL, where the half of 13 is
            // 6.5.
            BinaryOperator::Divide
                if left.is_integer()
                    && right.is_integer()
                    && (is_part(&expr.left) || is_part(&expr.right)) =>
            {
                let left = cast(expr.left, DataType::Float64);
                Ok(PlannerResult::Original(RawBinaryExpr { left, ..expr }))
            }
            // The quotient would have four digits behind its point, whatever the divisor has.
            BinaryOperator::Divide
                if left.is_integer() && matches!(right, DataType::Decimal128(_, 0..)) =>
            {
                let left = cast(expr.left, DIVIDEND);
                Ok(PlannerResult::Original(RawBinaryExpr { left, ..expr }))
            }
            BinaryOperator::Multiply if is_interval(&left) && is_number(&right) => {
                self.call(INTERVAL_MULTIPLY, vec![interval(expr.left), expr.right])
            }
            BinaryOperator::Multiply if is_number(&left) && is_interval(&right) => {
                self.call(INTERVAL_MULTIPLY, vec![interval(expr.right), expr.left])
            }
            BinaryOperator::Divide if is_interval(&left) && is_number(&right) => {
                self.call(INTERVAL_DIVIDE, vec![interval(expr.left), expr.right])
            }
            _ => Ok(PlannerResult::Original(expr)),
        }
    }

    fn plan_field_access(
        &self,
        expr: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        match json_operators::subscript_of(&expr, schema) {
            Some((function, operands)) => self.call(function, operands),
            None => Ok(PlannerResult::Original(expr)),
        }
    }

    fn plan_struct_literal(
        &self,
        arguments: Vec<Expr>,
        has_names: bool,
    ) -> Result<PlannerResult<Vec<Expr>>> {
        if has_names {
            return Ok(PlannerResult::Original(arguments));
        }
        self.call(ROW, arguments)
    }

    fn plan_extract(&self, arguments: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        let function = self.functions.iter().find(|function| function.name() == DATE_PART);
        Ok(match function {
            Some(function) => PlannerResult::Planned(function.call(arguments)),
            None => PlannerResult::Original(arguments),
        })
    }
}

fn is_one(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(ScalarValue::Int64(Some(1)), _))
}

/// Returns whether a number is made of fields of moments by arithmetic.
fn is_part(expr: &Expr) -> bool {
    match expr {
        Expr::ScalarFunction(call) => call.name() == DATE_PART,
        Expr::BinaryExpr(binary) => is_part(&binary.left) || is_part(&binary.right),
        Expr::Negative(inner) => is_part(inner),
        _ => false,
    }
}

fn is_date(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Date32 | DataType::Date64)
}

fn timestamp(date: Expr) -> Expr {
    cast(date, DataType::Timestamp(TimeUnit::Microsecond, None))
}

pub(super) fn is_list(data_type: &DataType) -> bool {
    matches!(data_type, DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..))
}

/// Returns whether a type is that of an interval, or of what lies between two moments.
fn is_interval(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Interval(_) | DataType::Duration(_))
}

fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric() || data_type.is_null()
}

/// Returns whether nothing says of what type this is; two such in `||` are texts.
fn is_untyped(expr: &Expr) -> bool {
    match expr {
        Expr::Placeholder(placeholder) => placeholder.field.is_none(),
        Expr::Literal(value, _) => value.data_type() == DataType::Null,
        _ => false,
    }
}

/// Returns a concatenation in which a record beside another value is its text, and so are two values
/// that say nothing of their types.
fn with_texts(expr: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    if is_untyped(&expr.left) && is_untyped(&expr.right) {
        let [left, right] = [expr.left, expr.right].map(|side| cast(side, DataType::Utf8View));
        return RawBinaryExpr { left, right, ..expr };
    }
    let types = (expr.left.get_type(schema), expr.right.get_type(schema));
    let text = |of: Expr| text_of_value().call(vec![of]);
    match types {
        (Ok(DataType::Struct(_)), Ok(right)) if !right.is_nested() => {
            RawBinaryExpr { left: text(expr.left), ..expr }
        }
        (Ok(left), Ok(DataType::Struct(_))) if !left.is_nested() => {
            RawBinaryExpr { right: text(expr.right), ..expr }
        }
        _ => expr,
    }
}

fn is_comparison(operator: &BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
    )
}

/// Returns a comparison in which a text beside an interval is one.
fn with_intervals(expr: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    let is_text =
        |of: &Expr| matches!(of, Expr::Literal(value, _) if value.data_type().is_string());
    let is_interval = |of: &Expr| of.get_type(schema).is_ok_and(|of| is_interval(&of));
    if is_text(&expr.right) && is_interval(&expr.left) {
        return RawBinaryExpr { right: interval(expr.right), ..expr };
    }
    if is_text(&expr.left) && is_interval(&expr.right) {
        return RawBinaryExpr { left: interval(expr.left), ..expr };
    }
    expr
}
