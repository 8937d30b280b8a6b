//! Lateral subqueries for the nearest:
//! `CROSS JOIN LATERAL (SELECT ... FROM objects ORDER BY ST_Distance(query, object) LIMIT k)`.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, JoinType, Result, ScalarValue};
use datafusion::logical_expr::logical_plan::{FetchType, SkipType, SubqueryAlias};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, SortExpr};
use godwit_geometry::Edges;

use super::node::Terms;
use super::ranked::edges;
use super::rule::{Make, columns, project};
use crate::names::{Distance, is_distance};

/// Returns the nearest join that a join with such a subquery is.
pub(super) fn lateral(plan: &LogicalPlan, make: Make<'_>) -> Result<Option<LogicalPlan>> {
    let LogicalPlan::Join(join) = plan else { return Ok(None) };
    let (subquery, alias) = match join.right.as_ref() {
        LogicalPlan::Subquery(subquery) => (subquery, None),
        LogicalPlan::SubqueryAlias(SubqueryAlias { input, alias, .. }) => match input.as_ref() {
            LogicalPlan::Subquery(subquery) => (subquery, Some(alias)),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let always = Expr::Literal(ScalarValue::Boolean(Some(true)), None);
    let condition = join.filter.clone().filter(|filter| *filter != always);
    let is_outer = match (join.join_type, &condition) {
        (JoinType::Inner, _) => false,
        (JoinType::Left, None) => true,
        _ => return Ok(None),
    };
    let Some(peeled) = peel(&subquery.subquery)? else { return Ok(None) };
    let (Some(count), Some((first, ties))) = (peeled.count, peeled.order.split_first()) else {
        return Ok(None);
    };
    let Some(([query, object], measure)) = geometries(first) else { return Ok(None) };
    let schema = peeled.base.schema();
    // Geometries that stand for geographies are not found among these.
    let are_geographies = || -> Result<bool> {
        let both = [edges(query, schema)?, edges(object, schema)?];
        Ok(both == [Some(Edges::Spherical); 2])
    };
    if measure.chosen.is_some() && !are_geographies()? {
        return Ok(None);
    }
    // An expression over a row that is not there might have a value.
    let is_plain = |expr: &Expr| matches!(expr, Expr::Column(_)) || *expr == first.expr;
    let ties_are_inner = ties.iter().all(|tie| !has_outer(&tie.expr));
    if !ties_are_inner || (is_outer && !peeled.outputs.iter().all(is_plain)) {
        return Ok(None);
    }

    // Names of its own keep a table apart from the same one on the left side.
    let renamed = Renamed::new(peeled.base)?;
    let ties = ties.iter().map(|tie| Ok(SortExpr { expr: renamed.map(&tie.expr)?, ..*tie }));
    let terms = Terms {
        query: renamed.map(query)?,
        object: renamed.map(object)?,
        count,
        ties: ties.collect::<Result<_>>()?,
        figure: measure.figure(),
        is_outer,
        takes_unplaced: true,
    };
    let (query, object) = (terms.query.clone(), terms.object.clone());
    let node = make(Arc::clone(&join.left), Arc::new(renamed.plan.clone()), terms)?;
    let distance = node.distance();
    let mut exprs = columns(join.left.schema());
    for ((qualifier, field), output) in subquery.subquery.schema().iter().zip(&peeled.outputs) {
        let output = renamed.map(output)?.transform_up(|expr| {
            if is_distance(&expr, &query, &object, measure.figure()) {
                return Ok(Transformed::yes(Expr::Column(distance.clone())));
            }
            Ok(Transformed::no(expr))
        })?;
        let qualifier = alias.or(qualifier).cloned();
        exprs.push(output.data.alias_qualified(qualifier, field.name()));
    }
    let mut plan = project(exprs, node.into_plan())?;
    let pairs = join.on.iter().map(|(left, right)| left.clone().eq(right.clone()));
    if let Some(condition) = pairs.chain(condition).reduce(Expr::and) {
        plan = LogicalPlanBuilder::from(plan).filter(condition)?.build()?;
    }
    Ok(Some(plan))
}

/// A subquery, taken apart into what it reads and what it makes of it.
struct Peeled<'a> {
    /// The part that does not look at the outer row.
    base: &'a LogicalPlan,
    /// The columns of the subquery, as expressions over the part and the outer row.
    outputs: Vec<Expr>,
    order: Vec<SortExpr>,
    count: Option<usize>,
}

fn peel(plan: &LogicalPlan) -> Result<Option<Peeled<'_>>> {
    if !plan_has_outer(plan)? {
        let outputs = columns(plan.schema());
        return Ok(Some(Peeled { base: plan, outputs, order: Vec::new(), count: None }));
    }
    match plan {
        LogicalPlan::SubqueryAlias(alias) => peel(&alias.input),
        LogicalPlan::Projection(projection) => {
            let Some(mut peeled) = peel(&projection.input)? else { return Ok(None) };
            let schema = projection.input.schema();
            let outputs = projection.expr.iter();
            let outputs = outputs.map(|expr| over(expr, schema, &peeled.outputs));
            peeled.outputs = outputs.collect::<Result<_>>()?;
            Ok(Some(peeled))
        }
        LogicalPlan::Sort(sort) => {
            let Some(mut peeled) = peel(&sort.input)? else { return Ok(None) };
            if !peeled.order.is_empty() {
                return Ok(None);
            }
            for key in &sort.expr {
                let expr = over(&key.expr, sort.input.schema(), &peeled.outputs)?;
                peeled.order.push(SortExpr { expr, ..*key });
            }
            peeled.count = sort.fetch;
            Ok(Some(peeled))
        }
        LogicalPlan::Limit(limit) => {
            let Some(mut peeled) = peel(&limit.input)? else { return Ok(None) };
            let (SkipType::Literal(0), FetchType::Literal(Some(count))) =
                (limit.get_skip_type()?, limit.get_fetch_type()?)
            else {
                return Ok(None);
            };
            if peeled.order.is_empty() {
                return Ok(None);
            }
            peeled.count = Some(peeled.count.map_or(count, |known| known.min(count)));
            Ok(Some(peeled))
        }
        _ => Ok(None),
    }
}

/// Returns the query and the object of an order by distance, nearest first, and the distance.
fn geometries(key: &SortExpr) -> Option<([&Expr; 2], Distance<'_>)> {
    let distance = Distance::of(&key.expr)?;
    let [one, other] = distance.between;
    if !key.asc || key.nulls_first {
        return None;
    }
    let is_query = |expr: &Expr| has_outer(expr) && expr.column_refs().is_empty();
    let is_object = |expr: &Expr| !has_outer(expr) && !expr.column_refs().is_empty();
    match (is_query(one) && is_object(other), is_object(one) && is_query(other)) {
        (true, _) => Some(([one, other], distance)),
        (_, true) => Some(([other, one], distance)),
        _ => None,
    }
}

/// Returns an expression over a schema as one over what its columns stand for.
fn over(expr: &Expr, schema: &DFSchema, outputs: &[Expr]) -> Result<Expr> {
    let mapped = expr.clone().transform_up(|expr| match &expr {
        Expr::Column(column) => match outputs.get(schema.index_of_column(column)?) {
            Some(output) => Ok(Transformed::yes(output.clone())),
            None => Ok(Transformed::no(expr)),
        },
        _ => Ok(Transformed::no(expr)),
    })?;
    Ok(mapped.data.unalias())
}

fn plan_has_outer(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_with_subqueries(|part| {
        part.apply_expressions(|expr| {
            found |= has_outer(expr);
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

fn has_outer(expr: &Expr) -> bool {
    let is_outer = |expr: &Expr| Ok(matches!(expr, Expr::OuterReferenceColumn(..)));
    expr.exists(is_outer).unwrap_or(true)
}

/// A plan under names of its own.
struct Renamed<'a> {
    plan: LogicalPlan,
    before: &'a DFSchema,
}

impl<'a> Renamed<'a> {
    fn new(base: &'a LogicalPlan) -> Result<Self> {
        let exprs = columns(base.schema());
        let exprs = exprs.into_iter().enumerate().map(|(at, column)| column.alias(Self::name(at)));
        Ok(Self { plan: project(exprs.collect(), base.clone())?, before: base.schema() })
    }

    fn name(index: usize) -> String {
        format!("godwit_object_{index}")
    }

    /// Returns an expression over the plan as it was and the outer row as one over both inputs.
    fn map(&self, expr: &Expr) -> Result<Expr> {
        let mapped = expr.clone().transform_up(|expr| match &expr {
            Expr::Column(column) => {
                let name = Self::name(self.before.index_of_column(column)?);
                Ok(Transformed::yes(Expr::Column(Column::new_unqualified(name))))
            }
            Expr::OuterReferenceColumn(_, column) => {
                Ok(Transformed::yes(Expr::Column(column.clone())))
            }
            _ => Ok(Transformed::no(expr)),
        })?;
        Ok(mapped.data)
    }
}
