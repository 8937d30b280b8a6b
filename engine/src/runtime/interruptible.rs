//! The condition of a nested-loop join that stops when its query must end.
//!
//! Such a join compares all its build rows with a batch before it yields, which can take minutes.
//! Its condition is evaluated every few thousand pairs, so that is where the look at the flag goes,
//! and where the worker thread is given up to other tasks.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, FieldRef, Schema};
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::error::external;
use crate::queries::Interrupt;

/// How many evaluations a short join makes.
const SHORT: usize = 8;

/// Returns the join with the look at the flag in its condition; nothing if it has none.
pub(super) fn interruptible(
    join: &NestedLoopJoinExec,
    interrupt: &Interrupt,
) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(filter) = join.filter() else { return Ok(None) };
    let condition = Interruptible {
        condition: Arc::clone(filter.expression()),
        interrupt: interrupt.clone(),
        calls: AtomicUsize::new(0),
    };
    let filter = JoinFilter::new(
        Arc::new(condition),
        filter.column_indices().to_vec(),
        Arc::clone(filter.schema()),
    );
    let join = NestedLoopJoinExecBuilder::from(join).with_filter(Some(filter)).build()?;
    Ok(Some(Arc::new(join)))
}

/// A condition that fails once the query must end.
#[derive(Debug)]
struct Interruptible {
    condition: Arc<dyn PhysicalExpr>,
    interrupt: Interrupt,
    calls: AtomicUsize,
}

impl Interruptible {
    /// Returns whether the join has run long enough to be in the way of other tasks.
    fn is_long(&self) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed) >= SHORT
            && Handle::try_current()
                .is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
    }
}

impl PhysicalExpr for Interruptible {
    fn data_type(&self, schema: &Schema) -> Result<DataType> {
        self.condition.data_type(schema)
    }

    fn nullable(&self, schema: &Schema) -> Result<bool> {
        self.condition.nullable(schema)
    }

    fn return_field(&self, schema: &Schema) -> Result<FieldRef> {
        self.condition.return_field(schema)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        self.interrupt.check().map_err(external)?;
        if self.is_long() {
            // The first such call hands the worker's other tasks to another thread; until the join
            // yields, further calls cost nothing.
            return tokio::task::block_in_place(|| self.condition.evaluate(batch));
        }
        self.condition.evaluate(batch)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.condition]
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let condition = children.into_iter().next().unwrap_or_else(|| Arc::clone(&self.condition));
        let interrupt = self.interrupt.clone();
        Ok(Arc::new(Self { condition, interrupt, calls: AtomicUsize::new(0) }))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.condition.fmt_sql(f)
    }
}

impl fmt::Display for Interruptible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.condition, f)
    }
}

impl PartialEq for Interruptible {
    fn eq(&self, other: &Self) -> bool {
        self.condition.as_ref() == other.condition.as_ref()
    }
}

impl Eq for Interruptible {}

impl Hash for Interruptible {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.condition.hash(state);
    }
}
