//! `json_agg` and `json_object_agg`, and the same of `jsonb`: the values of the rows are collected
//! as `array_agg` does it, with its orders and its states, and written as JSON at the end.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, StructArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::functions_aggregate::array_agg::array_agg_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility,
};
use godwit_udfs::as_json;

use super::super::converted::{Conversion, Converted};
use super::name::check_name;
use super::written::Writer;

/// Returns the aggregates.
pub(in crate::functions) fn aggregates() -> impl Iterator<Item = AggregateUDF> {
    let functions = [
        ("json_agg", false, false),
        ("jsonb_agg", false, true),
        ("json_object_agg", true, false),
        ("jsonb_object_agg", true, true),
    ];
    functions.into_iter().map(|(name, is_object, is_binary)| {
        let count = if is_object { 2 } else { 1 };
        let signature = Signature::any(count, Volatility::Immutable);
        let inner = array_agg_udaf();
        AggregateUDF::from(JsonAggregate { name, is_object, is_binary, signature, inner })
    })
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct JsonAggregate {
    name: &'static str,
    is_object: bool,
    is_binary: bool,
    signature: Signature,
    inner: Arc<AggregateUDF>,
}

impl JsonAggregate {
    /// Returns the field of what is collected: the value, or a record of the name and the value.
    fn item(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        match fields {
            [value] if !self.is_object => Ok(Arc::clone(value)),
            [name, value] if self.is_object => {
                let members: Fields = [("name", name), ("value", value)]
                    .into_iter()
                    .map(|(name, field)| field.as_ref().clone().with_name(name).with_nullable(true))
                    .collect();
                Ok(Arc::new(Field::new("item", DataType::Struct(members), true)))
            }
            _ => plan_err!("{} takes {} arguments", self.name, if self.is_object { 2 } else { 1 }),
        }
    }

    fn writer(&self, item: &FieldRef) -> Writer {
        Writer::new(Arc::clone(item), self.is_object, self.is_binary)
    }
}

impl AggregateUDFImpl for JsonAggregate {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        self.item(fields)?;
        if self.is_object
            && let Some(name) = fields.first()
        {
            check_name(name)?;
        }
        Ok(Arc::new(as_json(Field::new(self.name, DataType::Utf8View, true))))
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let item = self.item(arguments.input_fields)?;
        let return_field = list_of(&item);
        self.inner.state_fields(StateFieldsArgs {
            input_fields: &[item],
            return_field,
            ..arguments
        })
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let item = self.item(arguments.expr_fields)?;
        let return_field = list_of(&item);
        let writer = self.writer(&item);
        let expr_fields = &[item];
        let inner =
            self.inner.accumulator(AccumulatorArgs { return_field, expr_fields, ..arguments })?;
        Ok(Box::new(Converted::new(inner, writer)))
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        self.inner.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let item = self.item(arguments.expr_fields)?;
        let return_field = list_of(&item);
        let writer = self.writer(&item);
        let expr_fields = &[item];
        let arguments = AccumulatorArgs { return_field, expr_fields, ..arguments };
        let inner = self.inner.create_groups_accumulator(arguments)?;
        Ok(Box::new(Converted::new(inner, writer)))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.inner.order_sensitivity()
    }

    fn with_beneficial_ordering(
        self: Arc<Self>,
        beneficial_ordering: bool,
    ) -> Result<Option<Arc<dyn AggregateUDFImpl>>> {
        let inner = self.inner.as_ref().clone().with_beneficial_ordering(beneficial_ordering)?;
        Ok(inner.map(|inner| {
            let ordered = Self { inner: Arc::new(inner), ..self.as_ref().clone() };
            Arc::new(ordered) as Arc<dyn AggregateUDFImpl>
        }))
    }
}

fn list_of(item: &FieldRef) -> FieldRef {
    Arc::new(Field::new_list("values", Field::new_list_field(item.data_type().clone(), true), true))
}

impl Conversion for Writer {
    /// Returns what is collected of the arguments, and behind it what it is ordered by.
    fn columns<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Cow<'a, [ArrayRef]>> {
        let Some(members) = self.members() else { return Ok(Cow::Borrowed(arguments)) };
        let [names, values, keys @ ..] = arguments else {
            return exec_err!("a name and a value are expected");
        };
        let mut parts = Vec::with_capacity(2);
        for (array, field) in [names, values].into_iter().zip(members) {
            // What is planned may know more of the fields of a record than the array does.
            parts.push(cast(array, field.data_type())?);
        }
        let record: ArrayRef = Arc::new(StructArray::try_new(members.clone(), parts, None)?);
        Ok(Cow::Owned(std::iter::once(record).chain(keys.iter().cloned()).collect()))
    }

    fn answer(&self, collected: ScalarValue) -> Result<ScalarValue> {
        ScalarValue::try_from_array(&self.texts(&collected.to_array()?)?, 0)
    }

    fn answers(&self, collected: &ArrayRef) -> Result<ArrayRef> {
        self.texts(collected)
    }
}
