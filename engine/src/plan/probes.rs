//! Functions that stand for an aggregate in a plan that is not run, and note that they are given
//! arrays.

use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, ReturnFieldArgs,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};
use parking_lot::Mutex;

/// The probes of one attempt to plan, by their names, and what they found out.
#[derive(Debug, Default)]
pub(super) struct Probes {
    pub(super) scalars: HashMap<String, Arc<ScalarUDF>>,
    pub(super) aggregates: HashMap<String, Arc<AggregateUDF>>,
    found: Arc<Mutex<BTreeSet<usize>>>,
}

/// What a probe is to the planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// What it stands for.
    Aggregate,
    /// A function of one row, as it must be in a condition.
    Scalar,
}

impl Probes {
    /// Adds one that stands for the aggregate of a call and returns its name.
    pub(super) fn add(&mut self, stand: Stand, call: usize, function: Arc<AggregateUDF>) -> String {
        let name = format!("{} {call}", function.name());
        let probe = Probe { name: name.clone(), call, function, found: Arc::clone(&self.found) };
        match stand {
            Stand::Aggregate => {
                let aggregate = AggregateUDF::new_from_impl(probe);
                self.aggregates.insert(name.clone(), Arc::new(aggregate));
            }
            Stand::Scalar => {
                let scalar = ScalarUDF::new_from_impl(probe);
                self.scalars.insert(name.clone(), Arc::new(scalar));
            }
        }
        name
    }

    /// Returns the calls that are given arrays.
    pub(super) fn found(&self) -> BTreeSet<usize> {
        self.found.lock().clone()
    }
}

/// A function that notes that it is given arrays.
#[derive(Debug)]
struct Probe {
    name: String,
    call: usize,
    function: Arc<AggregateUDF>,
    found: Arc<Mutex<BTreeSet<usize>>>,
}

impl Probe {
    /// Returns the field of the result, which an array has if its items have it.
    fn field_of(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let Some(item) = fields.first().and_then(|first| item_of(first.data_type())) else {
            return self.function.return_field(fields);
        };
        self.found.lock().insert(self.call);
        let mut fields = fields.to_vec();
        if let Some(first) = fields.first_mut() {
            *first = item;
        }
        self.function.return_field(&fields)
    }
}

impl AggregateUDFImpl for Probe {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        self.function.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.function.return_type(types)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.function.coerce_types(types)
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        self.field_of(fields)
    }

    fn accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        self.function.accumulator(arguments)
    }
}

impl ScalarUDFImpl for Probe {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        self.function.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.function.return_type(types)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.function.coerce_types(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.field_of(arguments.arg_fields)
    }

    fn invoke_with_args(&self, _arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        plan_err!("{} is an aggregate", self.function.name())
    }
}

impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Probe {}

impl Hash for Probe {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Returns the field of the items of an array.
fn item_of(data_type: &DataType) -> Option<FieldRef> {
    match data_type {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => Some(Arc::clone(item)),
        _ => None,
    }
}
