//! A part of a condition that shows its columns only.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, FieldRef, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;

/// A part that is left where it is, as if it had another value at every evaluation.
#[derive(Debug)]
pub(super) struct Hidden {
    part: Arc<dyn PhysicalExpr>,
    /// The columns that the part mentions, in the order in which it does.
    columns: Vec<Arc<dyn PhysicalExpr>>,
}

impl Hidden {
    pub(super) fn new(part: Arc<dyn PhysicalExpr>) -> Result<Self> {
        let mut columns = Vec::new();
        part.apply(|expr| {
            if expr.is::<Column>() {
                columns.push(Arc::clone(expr));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(Self { part, columns })
    }

    /// Returns what is hidden.
    pub(super) fn part(&self) -> &Arc<dyn PhysicalExpr> {
        &self.part
    }
}

impl PhysicalExpr for Hidden {
    fn data_type(&self, schema: &Schema) -> Result<DataType> {
        self.part.data_type(schema)
    }

    fn nullable(&self, schema: &Schema) -> Result<bool> {
        self.part.nullable(schema)
    }

    fn return_field(&self, schema: &Schema) -> Result<FieldRef> {
        self.part.return_field(schema)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        self.part.evaluate(batch)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        self.columns.iter().collect()
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let mut columns = children.into_iter();
        let part = Arc::clone(&self.part).transform_down(|expr| {
            if !expr.is::<Column>() {
                return Ok(Transformed::no(expr));
            }
            let Some(column) = columns.next() else {
                return internal_err!("a hidden part has as many columns as before");
            };
            Ok(Transformed::new(column, true, TreeNodeRecursion::Jump))
        })?;
        Ok(Arc::new(Self::new(part.data)?))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part.fmt_sql(f)
    }

    fn is_volatile_node(&self) -> bool {
        true
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.part, f)
    }
}

impl PartialEq for Hidden {
    fn eq(&self, other: &Self) -> bool {
        self.part.as_ref() == other.part.as_ref()
    }
}

impl Eq for Hidden {}

impl Hash for Hidden {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.part.hash(state);
    }
}
