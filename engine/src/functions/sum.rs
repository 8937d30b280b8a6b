//! `sum` of integers and intervals that fails where the total does not fit; that of the engine below
//! goes on at the other end.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Int64Type, UInt64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, Expr, GroupsAccumulator, Operator,
    ReversedUDAF, SetMonotonicity, Signature, StatisticsArgs,
};

use super::intervals::IntervalTotal;
use super::totals::{STATE, Total, Totals};

/// The engine's own function, with other totals of integers.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sum {
    inner: Arc<AggregateUDF>,
}

impl Sum {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { inner: sum_udaf() }
    }
}

impl AggregateUDFImpl for Sum {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        if matches!(arguments.return_type(), DataType::Interval(_)) && !arguments.is_distinct {
            return Ok(IntervalTotal::state_fields(arguments.name));
        }
        let is_total = matches!(arguments.return_type(), DataType::Int64 | DataType::UInt64);
        if !is_total || arguments.is_distinct {
            return self.inner.state_fields(arguments);
        }
        Ok(vec![Arc::new(Field::new(format_state_name(arguments.name, "sum"), STATE, true))])
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        match arguments.return_field.data_type() {
            DataType::Int64 if !arguments.is_distinct => Ok(Box::new(Total::<Int64Type>::new())),
            DataType::UInt64 if !arguments.is_distinct => Ok(Box::new(Total::<UInt64Type>::new())),
            DataType::Interval(_) if !arguments.is_distinct => {
                Ok(Box::new(IntervalTotal::new(false)))
            }
            _ => self.inner.accumulator(arguments),
        }
    }

    fn create_sliding_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn Accumulator>> {
        match arguments.return_field.data_type() {
            DataType::Int64 | DataType::UInt64 | DataType::Interval(_)
                if !arguments.is_distinct =>
            {
                self.accumulator(arguments)
            }
            _ => self.inner.create_sliding_accumulator(arguments),
        }
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        let is_of_intervals = matches!(arguments.return_field.data_type(), DataType::Interval(_));
        !is_of_intervals && self.inner.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        match arguments.return_field.data_type() {
            DataType::Int64 => Ok(Box::new(Totals::<Int64Type>::new())),
            DataType::UInt64 => Ok(Box::new(Totals::<UInt64Type>::new())),
            _ => self.inner.create_groups_accumulator(arguments),
        }
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.inner.reverse_udf()
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.inner.order_sensitivity()
    }

    fn set_monotonicity(&self, data_type: &DataType) -> SetMonotonicity {
        self.inner.inner().set_monotonicity(data_type)
    }

    fn simplify_expr_op_literal(
        &self,
        call: &AggregateFunction,
        argument: &Expr,
        operator: Operator,
        literal: &Expr,
        is_left: bool,
    ) -> Result<Option<Expr>> {
        self.inner.inner().simplify_expr_op_literal(call, argument, operator, literal, is_left)
    }

    fn value_from_stats(&self, arguments: &StatisticsArgs) -> Option<ScalarValue> {
        self.inner.value_from_stats(arguments)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}
