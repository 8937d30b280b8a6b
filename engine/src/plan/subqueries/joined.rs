//! Subqueries that the planner below does not know, joined with the rows they are asked for.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{
    Column, JoinConstraint, JoinType, NullEquality, Result, TableReference, internal_err,
};
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::expr::Exists;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::{Subquery, SubqueryAlias};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Join, LogicalPlan, LogicalPlanBuilder, Projection, lit, not};
use godwit_planner::{is_correlated, is_simple, is_simple_total};

use super::mark::marked;
use super::shape::{has_rows, of_one_row, with_plan};
use crate::functions::of_only_row;

/// Returns a filter or a projection with such subqueries computed by its input.
pub(super) fn rewrite(plan: LogicalPlan, count: &mut usize) -> Result<Transformed<LogicalPlan>> {
    match plan {
        LogicalPlan::Filter(filter) => {
            let mut rows = Rows::new(&filter.input, true, count);
            let mut conditions = Vec::new();
            for condition in split_conjunction_owned(filter.predicate.clone()) {
                conditions.push(rows.condition(condition)?);
            }
            if !rows.has_changed {
                return Ok(Transformed::no(LogicalPlan::Filter(filter)));
            }
            let condition = conjunction(conditions).unwrap_or_else(|| lit(true));
            let kept = LogicalPlanBuilder::from(rows.input).filter(condition)?;
            let columns = filter.input.schema().iter();
            let columns = columns.map(|field| Expr::Column(Column::from(field)));
            kept.project(columns)?.build().map(Transformed::yes)
        }
        LogicalPlan::Projection(projection) => {
            let mut rows = Rows::new(&projection.input, false, count);
            let names = NamePreserver::new_for_projection();
            let mut exprs = Vec::with_capacity(projection.expr.len());
            for expr in &projection.expr {
                exprs.push(names.save(expr).restore(rows.value(expr.clone())?));
            }
            if !rows.has_changed {
                return Ok(Transformed::no(LogicalPlan::Projection(projection)));
            }
            let plan = Projection::try_new(exprs, rows.input)?;
            Ok(Transformed::yes(LogicalPlan::Projection(plan)))
        }
        plan => Ok(Transformed::no(plan)),
    }
}

/// Rows that subqueries are asked for, with columns for what these answer.
struct Rows<'a> {
    input: Arc<LogicalPlan>,
    /// Whether the rows are filtered; in filters the planner below knows more.
    is_filter: bool,
    has_changed: bool,
    /// How many names were made up.
    count: &'a mut usize,
}

impl<'a> Rows<'a> {
    fn new(input: &Arc<LogicalPlan>, is_filter: bool, count: &'a mut usize) -> Self {
        Self { input: Arc::clone(input), is_filter, has_changed: false, count }
    }

    /// Returns a condition of a filter with columns for its subqueries.
    fn condition(&mut self, condition: Expr) -> Result<Expr> {
        if let Expr::Exists(exists) = unnegated(&condition)
            && !is_correlated(&exists.subquery.subquery)?
        {
            return Ok(condition);
        }
        self.value(condition)
    }

    /// Returns an expression with columns for its subqueries.
    fn value(&mut self, expr: Expr) -> Result<Expr> {
        let replaced = expr.transform_up(|expr| match expr {
            Expr::Exists(exists) => self.existence(exists),
            Expr::ScalarSubquery(subquery) => self.answer(subquery),
            expr => Ok(Transformed::no(expr)),
        })?;
        self.has_changed |= replaced.transformed;
        Ok(replaced.data)
    }

    fn existence(&mut self, exists: Exists) -> Result<Transformed<Expr>> {
        let Exists { subquery, negated } = exists;
        let name = self.name();
        let plan = &subquery.subquery;
        let value = if !is_correlated(plan)? {
            has_rows(&subquery, None)?
        } else if self.is_filter && is_simple(plan, self.input.schema())? {
            return Ok(Transformed::no(Expr::Exists(Exists { subquery, negated })));
        } else if let Some((rows, mark)) = marked(&self.input, plan, name)? {
            self.input = rows;
            Expr::Column(mark)
        } else {
            let rows = LogicalPlanBuilder::from(Arc::clone(plan));
            let counted = rows.aggregate(Vec::<Expr>::new(), vec![count(lit(1_i64))])?.build()?;
            Expr::Column(self.lateral(with_plan(&subquery, counted))?).gt(lit(0_i64))
        };
        Ok(Transformed::yes(if negated { not(value) } else { value }))
    }

    fn answer(&mut self, subquery: Subquery) -> Result<Transformed<Expr>> {
        let plan = &subquery.subquery;
        if !is_correlated(plan)? || is_simple_total(plan, self.input.schema())? {
            return Ok(Transformed::no(Expr::ScalarSubquery(subquery)));
        }
        if plan.max_rows().is_some_and(|count| count <= 1) {
            return Ok(Transformed::yes(Expr::Column(self.lateral(subquery)?)));
        }
        let columns = self.lateral_columns(of_one_row(&subquery)?)?;
        let columns = columns.into_iter().map(Expr::Column).collect();
        Ok(Transformed::yes(of_only_row().call(columns)))
    }

    /// Joins a subquery of one row or none, and returns the column of its answer.
    fn lateral(&mut self, subquery: Subquery) -> Result<Column> {
        let Some(column) = self.lateral_columns(subquery)?.into_iter().next() else {
            return internal_err!("a subquery without columns has no answer");
        };
        Ok(column)
    }

    /// Joins a subquery of one row or none, and returns its columns.
    fn lateral_columns(&mut self, subquery: Subquery) -> Result<Vec<Column>> {
        let alias = TableReference::bare(self.name());
        let fields = subquery.subquery.schema().fields().iter();
        let columns = fields.map(|field| Column::new(Some(alias.clone()), field.name())).collect();
        let rows = SubqueryAlias::try_new(Arc::new(LogicalPlan::Subquery(subquery)), alias)?;
        let joined = Join::try_new(
            Arc::clone(&self.input),
            Arc::new(LogicalPlan::SubqueryAlias(rows)),
            Vec::new(),
            Some(lit(true)),
            JoinType::Left,
            JoinConstraint::On,
            NullEquality::NullEqualsNothing,
            false,
        )?;
        self.input = Arc::new(LogicalPlan::Join(joined));
        Ok(columns)
    }

    fn name(&mut self) -> String {
        *self.count += 1;
        format!("subquery {}", self.count)
    }
}

fn unnegated(expr: &Expr) -> &Expr {
    match expr {
        Expr::Not(inner) => unnegated(inner),
        expr => expr,
    }
}
