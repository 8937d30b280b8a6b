//! What a subquery says of the rows it is computed over.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::{Subquery, SubqueryAlias};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan};

/// Returns whether a plan mentions columns of rows around it.
pub fn is_correlated(plan: &LogicalPlan) -> Result<bool> {
    let mut mentions = Mentions::default();
    mentions.collect(plan, &[])?;
    Ok(!mentions.columns.is_empty())
}

/// Returns the columns of `outer` that a subquery over its rows mentions; none when the same name
/// means another column somewhere inside of it.
pub fn outer_columns(plan: &LogicalPlan, outer: &DFSchema) -> Result<Option<Vec<Column>>> {
    let mut mentions = Mentions::default();
    mentions.collect(plan, &[])?;
    let Mentions { mut columns, hidden } = mentions;
    columns.retain(|column| outer.has_column(column));
    let is_ambiguous = columns.iter().any(|column| hidden.contains(column));
    Ok((!is_ambiguous).then_some(columns))
}

/// Returns whether the expressions of an operator mention columns of the outer rows.
pub(super) fn mentions_outer(plan: &LogicalPlan, outer: &DFSchema) -> Result<bool> {
    let mut mentions = Mentions::default();
    mentions.collect_expressions(plan, &[])?;
    Ok(mentions.columns.iter().any(|column| outer.has_column(column)))
}

/// The columns of other rows that a plan mentions.
#[derive(Default)]
struct Mentions {
    /// Those of rows around the plan.
    columns: Vec<Column>,
    /// Those of rows inside of the plan, nearer to a subquery of it.
    hidden: Vec<Column>,
}

impl Mentions {
    /// Notes what a plan mentions, but for the columns of the rows that are nearer to it.
    fn collect(&mut self, plan: &LogicalPlan, nearer: &[&DFSchema]) -> Result<()> {
        self.collect_expressions(plan, nearer)?;
        if let LogicalPlan::Join(join) = plan
            && lateral(&join.right).is_some()
        {
            self.collect(&join.left, nearer)?;
            return self.collect(&join.right, &[nearer, &[join.left.schema().as_ref()]].concat());
        }
        plan.inputs().into_iter().try_for_each(|input| self.collect(input, nearer))
    }

    fn collect_expressions(&mut self, plan: &LogicalPlan, nearer: &[&DFSchema]) -> Result<()> {
        let own = merge_schema(&plan.inputs());
        let mut subqueries = Vec::new();
        plan.apply_expressions(|expr| {
            expr.apply(|expr| {
                match expr {
                    Expr::OuterReferenceColumn(_, column) => self.note(column, nearer),
                    expr => subqueries.extend(subquery_of(expr).cloned()),
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })?;
        let nearer = [nearer, &[&own]].concat();
        subqueries.iter().try_for_each(|subquery| self.collect(&subquery.subquery, &nearer))
    }

    fn note(&mut self, column: &Column, nearer: &[&DFSchema]) {
        let is_nearer = nearer.iter().any(|schema| schema.has_column(column));
        let list = if is_nearer { &mut self.hidden } else { &mut self.columns };
        if !list.contains(column) {
            list.push(column.clone());
        }
    }
}

/// Returns the subquery that an expression is.
pub fn subquery_of(expr: &Expr) -> Option<&Subquery> {
    match expr {
        Expr::Exists(Exists { subquery, .. })
        | Expr::InSubquery(InSubquery { subquery, .. })
        | Expr::SetComparison(SetComparison { subquery, .. })
        | Expr::ScalarSubquery(subquery) => Some(subquery),
        _ => None,
    }
}

/// Returns the subquery that a relation is.
pub(super) fn lateral(plan: &LogicalPlan) -> Option<&Subquery> {
    match plan {
        LogicalPlan::Subquery(subquery) => Some(subquery),
        LogicalPlan::SubqueryAlias(SubqueryAlias { input, .. }) => match input.as_ref() {
            LogicalPlan::Subquery(subquery) => Some(subquery),
            _ => None,
        },
        _ => None,
    }
}

/// Returns an expression whose subqueries mention the columns of the rows they are computed over by
/// other names.
pub fn renamed_inside(
    expr: Expr,
    names: impl IntoIterator<Item = (Column, Column)>,
) -> Result<Expr> {
    let places = Places(names.into_iter().collect());
    Ok(expr.transform_up(|expr| places.apply_inside(expr))?.data)
}

/// Where the columns of the outer rows are now.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(pub(super) HashMap<Column, Column>);

impl Places {
    /// Returns an expression with the columns in the place of those of the outer rows.
    pub(super) fn apply(&self, expr: Expr) -> Result<Expr> {
        let placed = expr.transform_up(|expr| match &expr {
            Expr::OuterReferenceColumn(_, column) => Ok(match self.0.get(column) {
                Some(place) => Transformed::yes(Expr::Column(place.clone())),
                None => Transformed::no(expr),
            }),
            _ => self.apply_inside(expr),
        })?;
        Ok(placed.data)
    }

    /// Returns a subquery that mentions the columns as those of the rows it is computed over.
    pub(super) fn apply_to_subquery(&self, subquery: Subquery) -> Result<Subquery> {
        let moved = |expr: Expr| {
            expr.transform_up(|expr| match expr {
                Expr::OuterReferenceColumn(field, column) => Ok(match self.0.get(&column) {
                    Some(place) => {
                        Transformed::yes(Expr::OuterReferenceColumn(field, place.clone()))
                    }
                    None => Transformed::no(Expr::OuterReferenceColumn(field, column)),
                }),
                expr => Ok(Transformed::no(expr)),
            })
        };
        let plan = Arc::unwrap_or_clone(subquery.subquery);
        let plan = plan.transform_up_with_subqueries(|plan| {
            // Operators above know the columns of these by the names of their expressions.
            if !matches!(
                plan,
                LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_) | LogicalPlan::Window(_)
            ) {
                return plan.map_expressions(moved);
            }
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| match expr {
                Expr::GroupingSet(_) => moved(expr),
                expr => {
                    let name = names.save(&expr);
                    Ok(moved(expr)?.update_data(|expr| name.restore(expr)))
                }
            })
        })?;
        let plan = plan.data;
        let columns = subquery.outer_ref_columns.into_iter();
        let columns = columns.map(|column| moved(column).map(|moved| moved.data));
        Ok(Subquery {
            subquery: Arc::new(plan),
            outer_ref_columns: columns.collect::<Result<_>>()?,
            spans: subquery.spans,
        })
    }

    fn apply_inside(&self, expr: Expr) -> Result<Transformed<Expr>> {
        Ok(match expr {
            Expr::Exists(exists) => {
                let subquery = self.apply_to_subquery(exists.subquery)?;
                Transformed::yes(Expr::Exists(Exists { subquery, ..exists }))
            }
            Expr::InSubquery(within) => {
                let subquery = self.apply_to_subquery(within.subquery)?;
                Transformed::yes(Expr::InSubquery(InSubquery { subquery, ..within }))
            }
            Expr::SetComparison(comparison) => {
                let subquery = self.apply_to_subquery(comparison.subquery)?;
                Transformed::yes(Expr::SetComparison(SetComparison { subquery, ..comparison }))
            }
            Expr::ScalarSubquery(subquery) => {
                Transformed::yes(Expr::ScalarSubquery(self.apply_to_subquery(subquery)?))
            }
            expr => Transformed::no(expr),
        })
    }
}
