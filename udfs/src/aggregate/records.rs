//! Aggregates of whole rows, as data, and the engine's object made of it.
//!
//! The rows are records and the result is no geometry, so these are aggregates of their own kind.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue, plan_err};
use datafusion::functions_aggregate::array_agg::ArrayAgg;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, Signature, Volatility,
};
use datafusion::physical_expr::expressions::Literal;
use godwit_geometry::GeometryError;

use crate::function::{Argument, Category, Parity, Type};
use crate::options::Options;
use crate::overload::{fit, signature as written, type_names};
use crate::reference::{self, ArgumentInfo, FunctionInfo, FunctionKind, Shape};
use crate::scalar::external;

/// One aggregate of whole rows with everything there is to say about it.
#[derive(Debug)]
pub(crate) struct RecordAggregate {
    /// The name as documentation spells it; SQL finds it in lower case.
    pub(crate) title: &'static str,
    /// One sentence that says what the function returns.
    pub(crate) summary: &'static str,
    /// What a careful reader needs to know beyond the summary.
    pub(crate) notes: &'static str,
    /// A short call that shows the function.
    pub(crate) example: &'static str,
    /// How the function compares with the `PostGIS` function of its name.
    pub(crate) parity: Parity,
    /// The arguments: the row, then options, which are literals.
    pub(crate) arguments: &'static [Argument],
    /// Makes the bytes of all rows; nothing stands for null.
    pub(crate) encode: Encode,
}

/// Makes the bytes of all rows; nothing stands for null.
pub(crate) type Encode = fn(&Records<'_>, &Options) -> Result<Option<Vec<u8>>, GeometryError>;

/// The rows of a group.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    /// The rows, unless there are none.
    pub(crate) rows: Option<&'a StructArray>,
    /// Their fields as they were planned, which may know more than the rows.
    pub(crate) fields: &'a Fields,
}

/// The aggregate function; stateless, and found by name.
pub(crate) struct RecordFunction {
    aggregate: &'static RecordAggregate,
    name: String,
    signature: Signature,
    rows: ArrayAgg,
    documentation: Documentation,
}

impl RecordFunction {
    /// Returns the engine's object for the aggregate.
    pub(crate) fn new(aggregate: &'static RecordAggregate) -> Self {
        let signature = Signature::user_defined(Volatility::Immutable);
        let names: Vec<&str> = aggregate.arguments.iter().map(|argument| argument.name).collect();
        Self {
            aggregate,
            name: aggregate.title.to_ascii_lowercase(),
            signature: signature.clone().with_parameter_names(names).unwrap_or(signature),
            rows: ArrayAgg::default(),
            documentation: reference::documentation(&Self::info(aggregate)),
        }
    }

    /// Returns what there is to read about the aggregate.
    pub(crate) fn info(aggregate: &RecordAggregate) -> FunctionInfo {
        let arguments = aggregate.arguments.iter().map(|argument| ArgumentInfo {
            name: argument.name,
            type_name: argument.kind.sql_name().into_owned(),
            summary: argument.summary,
            is_optional: argument.optional,
        });
        FunctionInfo {
            name: aggregate.title.to_ascii_lowercase(),
            title: aggregate.title,
            aliases: &[],
            category: Category::Aggregate,
            summary: aggregate.summary,
            notes: aggregate.notes,
            signatures: vec![written(aggregate.title, aggregate.arguments)],
            arguments: arguments.collect(),
            returns: Type::Binary.sql_name().into_owned(),
            example: aggregate.example,
            parity: aggregate.parity,
            kind: FunctionKind::Aggregate,
            shape: Shape::Value,
        }
    }

    /// Returns the options behind the row, which must be literals.
    fn options(&self, args: &AccumulatorArgs<'_>) -> Result<Options> {
        let mut values = Vec::new();
        for (expression, argument) in args.exprs.iter().zip(self.aggregate.arguments).skip(1) {
            let Some(literal) = expression.downcast_ref::<Literal>() else {
                let name = &self.name;
                return plan_err!("argument \"{}\" of \"{name}\" must be a literal", argument.name);
            };
            values.push(literal.value().clone());
        }
        Ok(Options::new(values))
    }
}

impl AggregateUDFImpl for RecordFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(fit(self.aggregate.arguments, types)
            .map_or_else(|| types.to_vec(), |(_, wanted)| wanted))
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let types: Vec<DataType> = fields.iter().map(|field| field.data_type().clone()).collect();
        if fit(self.aggregate.arguments, &types).is_none() {
            return plan_err!(
                "No function matches {}({}). Candidate functions: {}",
                self.name,
                type_names(fields),
                written(self.aggregate.title, self.aggregate.arguments)
            );
        }
        Ok(Arc::new(Field::new(&self.name, DataType::Binary, true)))
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let options = self.options(&args)?;
        let argument_count = args.exprs.len();
        let fields = match args.expr_fields.first().map(|field| field.data_type()) {
            Some(DataType::Struct(fields)) => fields.clone(),
            _ => Fields::empty(),
        };
        let rows = self.rows.accumulator(AccumulatorArgs { ignore_nulls: true, ..args })?;
        let encode = self.aggregate.encode;
        Ok(Box::new(RecordAccumulator { rows, argument_count, encode, options, fields }))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        self.rows.state_fields(args)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::HardRequirement
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

/// Rows that become bytes at the end.
#[derive(Debug)]
struct RecordAccumulator {
    rows: Box<dyn Accumulator>,
    argument_count: usize,
    encode: Encode,
    options: Options,
    fields: Fields,
}

impl Accumulator for RecordAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        // The row, and what it is ordered by; the options in between are known.
        let kept = values.iter().take(1).chain(values.iter().skip(self.argument_count));
        self.rows.update_batch(&kept.cloned().collect::<Vec<_>>())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let list = self.rows.evaluate()?.to_array()?;
        let list = list.as_list_opt::<i32>();
        let rows =
            list.filter(|list| !list.is_empty() && list.is_valid(0)).map(|list| list.value(0));
        let rows = rows.as_ref().and_then(|rows| rows.as_struct_opt());
        let records = Records { rows, fields: &self.fields };
        (self.encode)(&records, &self.options).map(ScalarValue::Binary).map_err(external)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.rows.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.rows.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.rows.merge_batch(states)
    }
}

impl std::fmt::Debug for RecordFunction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("RecordFunction").field(&self.name).finish()
    }
}

impl PartialEq for RecordFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for RecordFunction {}

impl Hash for RecordFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
