//! An [`Aggregate`] as the query engine wants it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result};
use datafusion::functions_aggregate::array_agg::ArrayAgg;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, GroupsAccumulator, Signature,
    Volatility,
};
use datafusion::physical_expr::expressions::Literal;
use godwit_geometry::{GeometryError, GeometryType};

use super::grouped::ListedGroups;
use super::listed::ListedAccumulator;
use super::lists::Lists;
use super::{Accumulation, Aggregate, Combine};
use crate::arguments::is_text;
use crate::function::Type;
use crate::options::Options;
use crate::overload::{fit, signature as written, type_names};
use crate::reference;
use crate::result::as_box;
use crate::scalar::external;

/// An aggregate function of the catalogue; stateless, and found by name.
#[derive(Clone)]
pub(crate) struct AggregateFunction {
    aggregate: &'static Aggregate,
    name: String,
    aliases: Vec<String>,
    signature: Signature,
    /// Keeps the rows of aggregates that need them all.
    rows: Arc<dyn AggregateUDFImpl>,
    /// Whether rows come in the order asked for.
    is_ordered: bool,
    /// Groups of fewer rows are not asked for.
    fewest_rows: usize,
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
            rows: Arc::new(ArrayAgg::default()),
            is_ordered: false,
            fewest_rows: 0,
            documentation: reference::documentation(&reference::aggregate_info(aggregate)),
        }
    }

    /// Returns the function with null as the value of groups that have fewer rows, nulls among
    /// them, if it is one that keeps its rows and does not know so yet.
    pub(crate) fn for_groups_of(
        function: &AggregateUDF,
        fewest_rows: usize,
    ) -> Option<AggregateUDF> {
        let known = function.inner().downcast_ref::<Self>()?;
        (known.keeps_rows(false) && known.fewest_rows < fewest_rows)
            .then(|| AggregateUDF::new_from_impl(Self { fewest_rows, ..known.clone() }))
    }

    fn no_match(&self, fields: &[FieldRef]) -> DataFusionError {
        DataFusionError::Plan(format!(
            "No function matches {}({}). Candidate functions: {}",
            self.name,
            type_names(fields),
            written(self.aggregate.title, self.aggregate.arguments)
        ))
    }

    /// Returns the arguments behind the first, which must be literals.
    fn options(&self, args: &AccumulatorArgs<'_>) -> Result<Options> {
        let mut values = Vec::new();
        for (expression, argument) in args.exprs.iter().zip(self.aggregate.arguments).skip(1) {
            let Some(literal) = expression.downcast_ref::<Literal>() else {
                return Err(external(GeometryError::InvalidArgument {
                    reason: format!(
                        "argument \"{}\" of \"{}\" must be a literal",
                        argument.name, self.name
                    ),
                }));
            };
            values.push(literal.value().clone());
        }
        Ok(Options::new(values))
    }

    /// Returns the accumulator that keeps all rows.
    fn listed(&self, args: AccumulatorArgs<'_>, combine: Combine) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(ListedAccumulator {
            combine,
            kinds: self.aggregate.accumulation.kinds(),
            options: self.options(&args)?,
            argument_count: args.exprs.len(),
            field: Arc::clone(&args.return_field),
            rows: self.rows.accumulator(AccumulatorArgs { ignore_nulls: true, ..args })?,
        }))
    }

    /// Returns whether all rows are kept, as they must also be to drop those that come twice.
    fn keeps_rows(&self, is_distinct: bool) -> bool {
        match self.aggregate.accumulation {
            Accumulation::Running(starts) => is_distinct && starts.counts_repeats,
            Accumulation::Listed(_) | Accumulation::ListedAny(_) => true,
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
        Ok(match self.aggregate.returns {
            Type::GeometryList => DataType::new_list(DataType::Binary, true),
            _ => DataType::Binary,
        })
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(fit(self.aggregate.arguments, types)
            .map_or_else(|| types.to_vec(), |(_, wanted)| wanted))
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let types: Vec<DataType> = fields.iter().map(|field| field.data_type().clone()).collect();
        let Some(field) = fields.first().filter(|field| !is_text(field.data_type())) else {
            return Err(self.no_match(fields));
        };
        if fit(self.aggregate.arguments, &types).is_none() {
            return Err(self.no_match(fields));
        }
        let crs = GeometryType::from_field(field).map_err(external)?.and_then(|known| known.crs);
        let geometry = GeometryType::new(crs);
        Ok(Arc::new(match self.aggregate.returns {
            Type::GeometryList => {
                let item = Arc::new(geometry.field(Field::LIST_FIELD_DEFAULT_NAME, true));
                Field::new(&self.name, DataType::List(item), true)
            }
            _ => as_box(&self.name, geometry.field(&self.name, true)),
        }))
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        match self.aggregate.accumulation {
            Accumulation::Running(starts) if self.keeps_rows(args.is_distinct) => {
                self.listed(args, starts.replayed)
            }
            Accumulation::Running(starts) => {
                (starts.single)(&self.options(&args)?).map_err(external)
            }
            Accumulation::Listed(combine) | Accumulation::ListedAny(combine) => {
                self.listed(args, combine)
            }
        }
    }

    fn create_sliding_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn Accumulator>> {
        match self.aggregate.accumulation {
            Accumulation::Running(starts) => self.listed(args, starts.replayed),
            Accumulation::Listed(combine) | Accumulation::ListedAny(combine) => {
                self.listed(args, combine)
            }
        }
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        if self.keeps_rows(args.is_distinct) {
            return self.rows.groups_accumulator_supported(args);
        }
        true
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let options = self.options(&args)?;
        match self.aggregate.accumulation {
            Accumulation::Running(starts) => Ok((starts.grouped)(&options)),
            Accumulation::Listed(combine) | Accumulation::ListedAny(combine) => {
                Ok(Box::new(ListedGroups {
                    lists: Lists::default(),
                    item: args
                        .expr_fields
                        .first()
                        .map_or(DataType::Binary, |field| field.data_type().clone()),
                    combine,
                    kinds: self.aggregate.accumulation.kinds(),
                    options,
                    field: Arc::clone(&args.return_field),
                    fewest_rows: self.fewest_rows,
                    rows: self.rows.create_groups_accumulator(AccumulatorArgs {
                        ignore_nulls: self.fewest_rows == 0,
                        ..args
                    })?,
                }))
            }
        }
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        if self.keeps_rows(args.is_distinct) {
            return self.rows.state_fields(args);
        }
        let name = format_state_name(args.name, "state");
        Ok(vec![Arc::new(Field::new(name, DataType::Binary, true))])
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        match self.aggregate.accumulation {
            Accumulation::Running(_) => AggregateOrderSensitivity::Insensitive,
            Accumulation::Listed(_) | Accumulation::ListedAny(_) => self.rows.order_sensitivity(),
        }
    }

    fn with_beneficial_ordering(
        self: Arc<Self>,
        beneficial_ordering: bool,
    ) -> Result<Option<Arc<dyn AggregateUDFImpl>>> {
        let rows = Arc::clone(&self.rows).with_beneficial_ordering(beneficial_ordering)?;
        Ok(rows.map(|rows| {
            let ordered = Self { rows, is_ordered: beneficial_ordering, ..self.as_ref().clone() };
            Arc::new(ordered) as Arc<dyn AggregateUDFImpl>
        }))
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
            && self.is_ordered == other.is_ordered
            && self.fewest_rows == other.fewest_rows
    }
}

impl Eq for AggregateFunction {}

impl Hash for AggregateFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.is_ordered.hash(state);
        self.fewest_rows.hash(state);
    }
}
