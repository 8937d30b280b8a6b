//! An [`Aggregate`] as the query engine wants it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::array_agg::ArrayAgg;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, Signature, Volatility,
};
use godwit_geometry::GeometryType;

use super::listed::ListedAccumulator;
use super::running::RunningAccumulator;
use super::{Accumulation, Aggregate};
use crate::reference;
use crate::scalar::external;

/// An aggregate function of the catalogue; stateless, and found by name.
pub(crate) struct AggregateFunction {
    aggregate: &'static Aggregate,
    name: String,
    aliases: Vec<String>,
    signature: Signature,
    rows: ArrayAgg,
    documentation: Documentation,
}

impl AggregateFunction {
    /// Returns the engine's object for an aggregate.
    pub(crate) fn new(aggregate: &'static Aggregate) -> Self {
        let signature = Signature::user_defined(Volatility::Immutable);
        let names: Vec<&str> = aggregate.arguments.iter().map(|argument| argument.name).collect();
        Self {
            aggregate,
            name: aggregate.name(),
            aliases: aggregate.aliases.iter().map(|alias| alias.to_ascii_lowercase()).collect(),
            signature: signature.clone().with_parameter_names(names).unwrap_or(signature),
            rows: ArrayAgg::default(),
            documentation: reference::documentation(&reference::aggregate_info(aggregate)),
        }
    }
}

impl AggregateUDFImpl for AggregateFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(types
            .iter()
            .map(|given| if given.is_null() { DataType::Binary } else { given.clone() })
            .collect())
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let [field] = fields else {
            return plan_err!(
                "No function matches {} with {} arguments. Candidate functions: {}(geom geometry)",
                self.name,
                fields.len(),
                self.aggregate.title
            );
        };
        match field.data_type() {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::Null => {}
            other => {
                return plan_err!(
                    "No function matches {}({other}). Candidate functions: {}(geom geometry)",
                    self.name,
                    self.aggregate.title
                );
            }
        }
        let crs = GeometryType::from_field(field).map_err(external)?.and_then(|known| known.crs);
        Ok(Arc::new(GeometryType::new(crs).field(&self.name, true)))
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        match self.aggregate.accumulation {
            Accumulation::Running(start) => Ok(Box::new(RunningAccumulator(start()))),
            Accumulation::Listed(combine) => {
                let rows = self.rows.accumulator(AccumulatorArgs { ignore_nulls: true, ..args })?;
                Ok(Box::new(ListedAccumulator { rows, combine }))
            }
        }
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        match self.aggregate.accumulation {
            Accumulation::Running(_) => {
                let name = format_state_name(args.name, "state");
                Ok(vec![Arc::new(Field::new(name, DataType::Binary, true))])
            }
            Accumulation::Listed(_) => self.rows.state_fields(args),
        }
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        match self.aggregate.accumulation {
            Accumulation::Running(_) => AggregateOrderSensitivity::Insensitive,
            Accumulation::Listed(_) => AggregateOrderSensitivity::HardRequirement,
        }
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

impl std::fmt::Debug for AggregateFunction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("AggregateFunction").field(&self.name).finish()
    }
}

impl PartialEq for AggregateFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for AggregateFunction {}

impl Hash for AggregateFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
