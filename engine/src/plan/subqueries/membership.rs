//! `IN`, `ANY` and `ALL` over a subquery, which are NULL when only a NULL could decide them.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::{InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::{Filter, Subquery};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, lit, not, when};
use godwit_planner::{is_correlated, is_simple};

use super::shape::{apart, exists, from_inside, has_rows, has_subquery};

/// Returns a filter or a projection with `EXISTS` in the place of such a subquery.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    match plan {
        LogicalPlan::Filter(mut filter) => {
            let schema = filter.input.schema();
            let mut has_changed = false;
            let mut conditions = Vec::new();
            for condition in split_conjunction_owned(filter.predicate) {
                let replaced = condition_of(condition, schema)?;
                has_changed |= replaced.transformed;
                conditions.push(replaced.data);
            }
            filter.predicate = conjunction(conditions).unwrap_or_else(|| lit(true));
            let plan = LogicalPlan::Filter(Filter::try_new(filter.predicate, filter.input)?);
            Ok(if has_changed { Transformed::yes(plan) } else { Transformed::no(plan) })
        }
        LogicalPlan::Projection(projection) => {
            let schema = Arc::clone(projection.input.schema());
            let plan = LogicalPlan::Projection(projection);
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                Ok(value_of(expr, &schema)?.update_data(|expr| name.restore(expr)))
            })
        }
        plan => Ok(Transformed::no(plan)),
    }
}

/// Returns what a condition of a filter is, which keeps rows for which it is true, and no others.
fn condition_of(condition: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match condition {
        Expr::Not(inner) => match *inner {
            Expr::InSubquery(within) => {
                let negated = !within.negated;
                condition_of(Expr::InSubquery(InSubquery { negated, ..within }), schema)
            }
            inner => value_of(not(inner), schema),
        },
        Expr::InSubquery(within) if is_join(&within, schema)? => {
            Ok(Transformed::no(Expr::InSubquery(within)))
        }
        Expr::InSubquery(within) => {
            let pair = Pair::new(&within, schema)?;
            if !within.negated {
                return exists(&pair.subquery, Some(pair.equal())).map(Transformed::yes);
            }
            let mut conditions = vec![not(exists(&pair.subquery, Some(pair.equal()))?)];
            if pair.inner_may_be_null {
                let unknown = Some(pair.inner.clone().is_null());
                conditions.push(not(exists(&pair.subquery, unknown)?));
            }
            if pair.outer_may_be_null {
                let is_known = within.expr.as_ref().clone().is_not_null();
                conditions.push(is_known.or(not(exists(&within.subquery, None)?)));
            }
            Ok(Transformed::yes(conjunction(conditions).unwrap_or_else(|| lit(true))))
        }
        Expr::SetComparison(comparison) => {
            let (compared, subquery) = compared(&comparison, schema)?;
            Ok(Transformed::yes(match comparison.quantifier {
                SetQuantifier::Any => exists(&subquery, Some(compared))?,
                SetQuantifier::All => not(exists(&subquery, Some(compared.is_not_true()))?),
            }))
        }
        condition => value_of(condition, schema),
    }
}

/// Returns whether the planner below joins on such a condition, NULLs and all. For `NOT IN` it looks
/// whether columns may be NULL, and not whether `nullif(a, b)` may, and loses a value without one.
fn is_join(within: &InSubquery, schema: &DFSchema) -> Result<bool> {
    let plan = &within.subquery.subquery;
    // Nor does it join on what the rows farther out have, or on the values of other subqueries.
    if within.expr.contains_outer() || has_subquery(&within.expr)? {
        return Ok(false);
    }
    if !within.negated {
        return Ok(!is_correlated(plan)? || is_simple(plan, schema)?);
    }
    Ok(matches!(*within.expr, Expr::Column(_)) && !is_correlated(plan)?)
}

/// Returns an expression with the values that such subqueries have.
fn value_of(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    expr.transform_up(|expr| match expr {
        Expr::InSubquery(within) => value_of_membership(&within, schema).map(Transformed::yes),
        Expr::SetComparison(comparison) => {
            let (compared, subquery) = compared(&comparison, schema)?;
            let decides = match comparison.quantifier {
                SetQuantifier::Any => compared.clone(),
                SetQuantifier::All => not(compared.clone()),
            };
            let decided = lit(matches!(comparison.quantifier, SetQuantifier::Any));
            let unknown = exists(&subquery, Some(compared.is_null()))?;
            let value = when(exists(&subquery, Some(decides))?, decided.clone())
                .when(unknown, null())
                .otherwise(not(decided))?;
            Ok(Transformed::yes(value))
        }
        expr => Ok(Transformed::no(expr)),
    })
}

fn value_of_membership(within: &InSubquery, schema: &DFSchema) -> Result<Expr> {
    let pair = Pair::new(within, schema)?;
    let subquery = &pair.subquery;
    let is_within = exists(subquery, Some(pair.equal()))?;
    let is_alone = !is_correlated(&subquery.subquery)?;
    let some = |condition| {
        if is_alone { has_rows(subquery, condition) } else { exists(subquery, condition) }
    };
    let mut unknown = Vec::new();
    if pair.inner_may_be_null {
        unknown.push(some(Some(pair.inner.clone().is_null()))?);
    }
    if pair.outer_may_be_null {
        unknown.push(within.expr.as_ref().clone().is_null().and(some(None)?));
    }
    let Some(unknown) = unknown.into_iter().reduce(Expr::or) else {
        return Ok(if within.negated { not(is_within) } else { is_within });
    };
    when(is_within, lit(!within.negated)).when(unknown, null()).otherwise(lit(within.negated))
}

/// What is compared: the value outside and the column of the subquery.
struct Pair {
    /// The subquery, whose columns no value outside has.
    subquery: Subquery,
    /// The value, as an expression of the subquery.
    outer: Expr,
    inner: Expr,
    outer_may_be_null: bool,
    inner_may_be_null: bool,
}

impl Pair {
    fn new(within: &InSubquery, schema: &DFSchema) -> Result<Self> {
        let subquery = apart(&within.subquery, &within.expr)?;
        let columns = Arc::clone(subquery.subquery.schema());
        Ok(Self {
            subquery,
            outer: from_inside(within.expr.as_ref().clone(), schema)?,
            inner: Expr::Column(Column::from(columns.qualified_field(0))),
            outer_may_be_null: within.expr.nullable(schema)?,
            inner_may_be_null: columns.field(0).is_nullable(),
        })
    }

    fn equal(&self) -> Expr {
        self.outer.clone().eq(self.inner.clone())
    }
}

/// Returns the comparison with a row of a subquery, and that subquery.
fn compared(comparison: &SetComparison, schema: &DFSchema) -> Result<(Expr, Subquery)> {
    let subquery = apart(&comparison.subquery, &comparison.expr)?;
    let outer = Box::new(from_inside(comparison.expr.as_ref().clone(), schema)?);
    let inner = Expr::Column(Column::from(subquery.subquery.schema().qualified_field(0)));
    let compared = Expr::BinaryExpr(BinaryExpr::new(outer, comparison.op, Box::new(inner)));
    Ok((compared, subquery))
}

fn null() -> Expr {
    Expr::Literal(ScalarValue::Boolean(None), None)
}
