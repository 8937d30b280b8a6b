//! Times of a file that are coarser than those of its table.
//!
//! The query engine takes a cast away from a column and puts it around the constant that the
//! column is compared with, which cuts the constant down to the coarser unit: rows would be left
//! out that the comparison lets through. What it does not know it leaves in its place.

use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult as _, TreeNode as _};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::expressions::CastExpr;
use datafusion::physical_expr_adapter::PhysicalExprAdapter;
use datafusion::physical_plan::PhysicalExpr;

use crate::names::by_name;

/// Returns whether a file has a column of times in a coarser unit than its table.
pub(super) fn has_coarser_times(logical: &Schema, physical: &Schema) -> bool {
    let is_time = |field: &&FieldRef| matches!(field.data_type(), DataType::Timestamp(..));
    let mut times = logical.fields().iter().filter(is_time).peekable();
    if times.peek().is_none() {
        return false;
    }
    let own = by_name(physical);
    times.any(|field| {
        own.get(field.name().as_str())
            .is_some_and(|own| is_finer(own.data_type(), field.data_type()))
    })
}

fn is_finer(from: &DataType, to: &DataType) -> bool {
    matches!((from, to), (DataType::Timestamp(from, _), DataType::Timestamp(to, _)) if from < to)
}

/// Keeps casts to a finer unit where another adapter has put them.
#[derive(Debug)]
pub(super) struct FinerTimesAdapter {
    pub(super) physical: SchemaRef,
    pub(super) inner: Arc<dyn PhysicalExprAdapter>,
}

impl PhysicalExprAdapter for FinerTimesAdapter {
    fn rewrite(&self, expression: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        let keep = |expression: Arc<dyn PhysicalExpr>| {
            let Some(cast) = expression.downcast_ref::<CastExpr>() else {
                return Ok(Transformed::no(expression));
            };
            let from = cast.expr().data_type(&self.physical)?;
            if !is_finer(&from, cast.cast_type()) {
                return Ok(Transformed::no(expression));
            }
            Ok(Transformed::yes(Arc::new(FinerTime { cast: expression }) as Arc<dyn PhysicalExpr>))
        };
        self.inner.rewrite(expression)?.transform_up(keep).data()
    }
}

/// A cast to a finer unit.
#[derive(Debug, Clone, Eq)]
struct FinerTime {
    cast: Arc<dyn PhysicalExpr>,
}

impl PartialEq for FinerTime {
    fn eq(&self, other: &Self) -> bool {
        self.cast.eq(&other.cast)
    }
}

impl Hash for FinerTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.cast.hash(state);
    }
}

impl Display for FinerTime {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "finer({})", self.cast)
    }
}

impl PhysicalExpr for FinerTime {
    fn data_type(&self, input_schema: &Schema) -> Result<DataType> {
        self.cast.data_type(input_schema)
    }

    fn nullable(&self, input_schema: &Schema) -> Result<bool> {
        self.cast.nullable(input_schema)
    }

    fn return_field(&self, input_schema: &Schema) -> Result<FieldRef> {
        self.cast.return_field(input_schema)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        self.cast.evaluate(batch)
    }

    /// The cast itself is not to be seen.
    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        self.cast.children()
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let cast = Arc::clone(&self.cast).with_new_children(children)?;
        Ok(Arc::new(Self { cast }))
    }

    fn fmt_sql(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.cast.fmt_sql(f)
    }
}
