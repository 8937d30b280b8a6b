//! The outer rows that a subquery is computed over.

use std::sync::Arc;

use datafusion::common::{Column, DFSchema, Result, TableReference};
use datafusion::logical_expr::{Expr, LogicalPlan, Projection};

use super::correlation::Places;
use crate::spool::{ROW, Spool};

/// A part of a subquery, computed over all outer rows.
#[derive(Debug)]
pub(super) struct Unnested {
    /// The part, which has all columns that the part had alone.
    pub(super) plan: LogicalPlan,
    /// The column with the number of the outer row that a row belongs to.
    pub(super) row: Column,
    /// The columns of the outer row, where they are wanted.
    pub(super) outer: Places,
}

/// The outer rows, and what is made of them.
pub(super) struct Domain<'a> {
    pub(super) spool: &'a Spool,
    /// The columns of the outer rows that the subquery mentions.
    pub(super) columns: Vec<Column>,
    /// The schema of the outer rows.
    pub(super) schema: &'a DFSchema,
    /// Makes up names.
    pub(super) name: &'a dyn Fn() -> String,
}

impl Domain<'_> {
    /// Returns the outer rows alone, under names that nothing else has.
    pub(super) fn rows(&self) -> Result<Unnested> {
        let name = TableReference::bare((self.name)());
        let row = Column::new(Some(name.clone()), ROW);
        let mut exprs =
            vec![Expr::Column(self.spool.row()).alias_qualified(Some(name.clone()), ROW)];
        let mut outer = Places::default();
        for (index, column) in self.columns.iter().enumerate() {
            let place = Column::new(Some(name.clone()), format!("__{index}"));
            let expr = Expr::Column(column.clone());
            exprs.push(expr.alias_qualified(Some(name.clone()), &place.name));
            outer.0.insert(column.clone(), place);
        }
        let plan = Projection::try_new(exprs, Arc::new(self.spool.to_plan()))?;
        Ok(Unnested { plan: LogicalPlan::Projection(plan), row, outer })
    }
}

impl Unnested {
    /// Returns the columns of the outer row, as expressions in a fixed order.
    pub(super) fn carried(&self) -> Vec<Expr> {
        let mut columns: Vec<&Column> = self.outer.0.values().chain([&self.row]).collect();
        columns.sort_by(|left, right| left.name.cmp(&right.name));
        columns.into_iter().cloned().map(Expr::Column).collect()
    }

    /// Returns the part with the number of the outer row alone, unless its columns are wanted.
    pub(super) fn keeping(self, with_columns: bool) -> Self {
        if with_columns { self } else { Self { outer: Places::default(), ..self } }
    }

    /// Returns the part with other columns before those of the outer row.
    pub(super) fn project(self, mut exprs: Vec<Expr>) -> Result<Self> {
        exprs.extend(self.carried());
        let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(self.plan))?);
        Ok(Self { plan, ..self })
    }
}

/// Returns whether a column was given its name here.
pub(super) fn is_made_up(name: &str) -> bool {
    name.starts_with("__")
}

/// Returns the columns of a schema as expressions.
pub(super) fn columns(schema: &DFSchema) -> Vec<Expr> {
    schema.iter().map(|field| Expr::Column(Column::from(field))).collect()
}

/// Returns an expression under the name that a field of a schema has.
pub(super) fn named(expr: Expr, schema: &DFSchema, index: usize) -> Expr {
    let (qualifier, field) = schema.qualified_field(index);
    if matches!(&expr, Expr::Column(column) if column.relation.as_ref() == qualifier && column.name == *field.name())
    {
        return expr;
    }
    expr.unalias().alias_qualified(qualifier.cloned(), field.name())
}
