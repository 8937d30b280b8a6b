//! Spooled rows in a logical plan.

use std::cmp::Ordering;
use std::fmt::Formatter;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Column, DFSchema, DFSchemaRef, Result, TableReference, internal_err};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};

/// The name of the column with the numbers of the rows.
pub(crate) const ROW: &str = "__row";

/// The rows of a plan, and last the number of each row, an `Int64` from 0 on.
///
/// Nodes of one name in one plan have the same rows with the same numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Spool {
    pub(crate) name: String,
    input: Arc<LogicalPlan>,
    schema: DFSchemaRef,
}

impl Spool {
    pub(crate) fn try_new(input: Arc<LogicalPlan>, name: String) -> Result<Self> {
        let columns = input.schema().iter();
        let mut fields: Vec<(Option<TableReference>, FieldRef)> =
            columns.map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field))).collect();
        let number = Field::new(ROW, DataType::Int64, false);
        fields.push((Some(TableReference::bare(name.clone())), Arc::new(number)));
        let metadata = input.schema().metadata().clone();
        let schema = Arc::new(DFSchema::new_with_metadata(fields, metadata)?);
        Ok(Self { name, input, schema })
    }

    /// Returns the column with the numbers of the rows.
    pub(crate) fn row(&self) -> Column {
        Column::new(Some(TableReference::bare(self.name.clone())), ROW)
    }

    /// Returns the node as a plan.
    pub(crate) fn to_plan(&self) -> LogicalPlan {
        LogicalPlan::Extension(Extension { node: Arc::new(self.clone()) })
    }
}

impl PartialOrd for Spool {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

/// All columns of the input are needed, whatever is read of them in one place: the other place
/// reads the same rows.
impl UserDefinedLogicalNodeCore for Spool {
    fn name(&self) -> &'static str {
        "Spool"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn fmt_for_explain(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spool: {}", self.name)
    }

    fn with_exprs_and_inputs(&self, _exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let Ok([input]) = <[LogicalPlan; 1]>::try_from(inputs) else {
            return internal_err!("a spool has one input");
        };
        Self::try_new(Arc::new(input), self.name.clone())
    }
}
