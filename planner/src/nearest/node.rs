//! The nearest join in a logical plan.

use std::cmp::Ordering;
use std::fmt::Formatter;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, DFSchema, DFSchemaRef, Result, TableReference, internal_err};
use datafusion::logical_expr::{
    Expr, Extension, LogicalPlan, SortExpr, UserDefinedLogicalNodeCore,
};
use godwit_geometry::geodesic::Figure;

/// Each row of the left input with the rows of the right input nearest to it.
///
/// The output has the columns of both inputs and, last, the distance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NearestJoin {
    pub(super) left: Arc<LogicalPlan>,
    pub(super) right: Arc<LogicalPlan>,
    pub(super) terms: Terms,
    schema: DFSchemaRef,
    /// The name that qualifies the distance.
    name: String,
}

/// What a nearest join asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Terms {
    /// The geometry of a left row.
    pub(super) query: Expr,
    /// The geometry of a right row.
    pub(super) object: Expr,
    /// How many right rows belong to a left row.
    pub(super) count: usize,
    /// What decides between right rows that are as far away.
    pub(super) ties: Vec<SortExpr>,
    /// The figure of the earth that geographies are measured on.
    pub(super) figure: Figure,
    /// Whether left rows without a right row are kept.
    pub(super) is_outer: bool,
    /// Whether right rows without a distance count as the farthest, rather than not at all.
    pub(super) takes_unplaced: bool,
}

impl NearestJoin {
    pub(super) fn try_new(
        left: Arc<LogicalPlan>,
        right: Arc<LogicalPlan>,
        terms: Terms,
        name: String,
    ) -> Result<Self> {
        let mut fields: Vec<_> = left
            .schema()
            .iter()
            .map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field)))
            .collect();
        for (qualifier, field) in right.schema().iter() {
            let is_nullable = field.is_nullable() || terms.is_outer;
            let field = field.as_ref().clone().with_nullable(is_nullable);
            fields.push((qualifier.cloned(), Arc::new(field)));
        }
        let distance = Field::new("distance", DataType::Float64, true);
        fields.push((Some(TableReference::bare(name.clone())), Arc::new(distance)));
        let metadata = left.schema().metadata().clone();
        let schema = Arc::new(DFSchema::new_with_metadata(fields, metadata)?);
        Ok(Self { left, right, terms, schema, name })
    }

    /// Returns the column of the distance.
    pub(super) fn distance(&self) -> Column {
        Column::new(Some(TableReference::bare(self.name.clone())), "distance")
    }

    /// Returns the node as a plan.
    pub(super) fn into_plan(self) -> LogicalPlan {
        LogicalPlan::Extension(Extension { node: Arc::new(self) })
    }
}

impl PartialOrd for NearestJoin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl UserDefinedLogicalNodeCore for NearestJoin {
    fn name(&self) -> &'static str {
        "NearestJoin"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.left, &self.right]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        let ties = self.terms.ties.iter().map(|tie| tie.expr.clone());
        [self.terms.query.clone(), self.terms.object.clone()].into_iter().chain(ties).collect()
    }

    fn fmt_for_explain(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Terms { query, object, count, ties, is_outer, .. } = &self.terms;
        let kind = if *is_outer { "Left" } else { "Inner" };
        write!(f, "NearestJoin: {kind}, k={count}, query={query}, object={object}")?;
        for tie in ties {
            write!(f, ", {tie}")?;
        }
        Ok(())
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let mut exprs = exprs.into_iter();
        let (Some(query), Some(object), Ok([left, right])) =
            (exprs.next(), exprs.next(), <[LogicalPlan; 2]>::try_from(inputs))
        else {
            return internal_err!("a nearest join has two geometries and two inputs");
        };
        let ties = self.terms.ties.iter().zip(exprs).map(|(tie, expr)| SortExpr { expr, ..*tie });
        let terms = Terms { query, object, ties: ties.collect(), ..self.terms.clone() };
        Self::try_new(Arc::new(left), Arc::new(right), terms, self.name.clone())
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        let left_count = self.left.schema().fields().len();
        let right_count = self.right.schema().fields().len();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for column in output_columns {
            if *column < left_count {
                left.push(*column);
            } else if *column < left_count + right_count {
                right.push(*column - left_count);
            }
        }
        Some(vec![left, right])
    }
}
