//! `array_agg`, `string_agg` and the list of `ARRAY(SELECT ...)`, whose answer is the order of their
//! rows. Those of the engine below may be given rows from the last to the first, and forget it in
//! windows and with `DISTINCT`.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, ListArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::functions_aggregate::array_agg::array_agg_udaf;
use datafusion::functions_aggregate::string_agg::string_agg_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, GroupsAccumulator, ReversedUDAF,
    Signature,
};

use super::converted::{Conversion, Converted};
use super::list::List;

/// A function that collects, always in the order that was asked for.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Collected {
    inner: Arc<AggregateUDF>,
}

impl Collected {
    /// Returns the functions.
    pub(super) fn all() -> [Self; 3] {
        let list = Arc::new(AggregateUDF::from(List::new()));
        [array_agg_udaf(), string_agg_udaf(), list].map(|inner| Self { inner })
    }
}

impl AggregateUDFImpl for Collected {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    /// Returns a list of the argument's field, with its reference system.
    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let types: Vec<DataType> = fields.iter().map(|field| field.data_type().clone()).collect();
        let data_type = match (self.return_type(&types)?, fields.first()) {
            (DataType::List(item), Some(field)) => {
                let item = item.as_ref().clone().with_metadata(field.metadata().clone());
                DataType::List(Arc::new(item))
            }
            (other, _) => other,
        };
        Ok(Arc::new(Field::new(self.name(), data_type, true)))
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        self.inner.state_fields(arguments)
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let item = described_item(&arguments);
        let inner = self.inner.accumulator(arguments)?;
        Ok(match item {
            Some(item) => Box::new(Converted::new(inner, item)),
            None => inner,
        })
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        self.inner.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let item = described_item(&arguments);
        let inner = self.inner.create_groups_accumulator(arguments)?;
        Ok(match item {
            Some(item) => Box::new(Converted::new(inner, item)),
            None => inner,
        })
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.inner.order_sensitivity()
    }

    fn with_beneficial_ordering(
        self: Arc<Self>,
        beneficial_ordering: bool,
    ) -> Result<Option<Arc<dyn AggregateUDFImpl>>> {
        let inner = self.inner.as_ref().clone().with_beneficial_ordering(beneficial_ordering)?;
        Ok(inner
            .map(|inner| Arc::new(Self { inner: Arc::new(inner) }) as Arc<dyn AggregateUDFImpl>))
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::NotSupported
    }

    fn supports_null_handling_clause(&self) -> bool {
        self.inner.supports_null_handling_clause()
    }

    fn default_value(&self, data_type: &DataType) -> Result<ScalarValue> {
        self.inner.default_value(data_type)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// The field of the items of lists, which says more than their type: the reference system of
/// geometries, that a text is JSON.
#[derive(Debug)]
struct DescribedItem(FieldRef);

/// Returns the field of the items that an aggregate collects, if it says more than their type.
fn described_item(arguments: &AccumulatorArgs) -> Option<DescribedItem> {
    match arguments.return_field.data_type() {
        DataType::List(item) if !item.metadata().is_empty() => {
            Some(DescribedItem(Arc::clone(item)))
        }
        _ => None,
    }
}

impl DescribedItem {
    fn lists_of(&self, lists: &ListArray) -> Result<ListArray> {
        let (_, offsets, values, nulls) = lists.clone().into_parts();
        Ok(ListArray::try_new(Arc::clone(&self.0), offsets, values, nulls)?)
    }
}

impl Conversion for DescribedItem {
    fn answer(&self, collected: ScalarValue) -> Result<ScalarValue> {
        let ScalarValue::List(list) = collected else {
            return exec_err!("the aggregate collects lists");
        };
        Ok(ScalarValue::List(Arc::new(self.lists_of(&list)?)))
    }

    fn answers(&self, collected: &ArrayRef) -> Result<ArrayRef> {
        Ok(Arc::new(self.lists_of(collected.as_list())?))
    }
}
