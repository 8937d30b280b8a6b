//! The nearest as those with the lowest numbers:
//! `ROW_NUMBER() OVER (PARTITION BY query.id ORDER BY ST_Distance(query, object)) <= k`.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, JoinType, Result, ScalarValue};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, LogicalPlanBuilder, Operator, SortExpr,
    Window,
};
use godwit_geometry::{Edges, GeometryType};

use super::condition::is_from;
use super::node::Terms;
use super::rule::{Make, columns, project};
use crate::names::{Distance, literal};

/// The name of the window function that numbers rows.
const ROW_NUMBER: &str = "row_number";

/// Returns a filter on the numbers of pairs with a nearest join in the place of the join of all
/// pairs.
///
/// Rows are still numbered and filtered above it. Several queries may be numbered together: the
/// first objects of all of them are among the first of each.
pub(super) fn ranked(plan: &LogicalPlan, make: Make<'_>) -> Result<Option<LogicalPlan>> {
    let LogicalPlan::Filter(filter) = plan else { return Ok(None) };
    for condition in split_conjunction(&filter.predicate) {
        let Some((number, count)) = at_most(condition) else { continue };
        let Expr::Column(column) = number else { continue };
        let index = filter.input.schema().index_of_column(column)?;
        if let Some(input) = replaced(&filter.input, index, count, make)? {
            let exprs = vec![filter.predicate.clone()];
            return plan.with_new_exprs(exprs, vec![input]).map(Some);
        }
    }
    Ok(None)
}

/// Returns a number and what it may be at most.
fn at_most(condition: &Expr) -> Option<(&Expr, usize)> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = condition else { return None };
    let (number, limit, below) = match op {
        Operator::LtEq | Operator::Eq => (left, right, 0),
        Operator::Lt => (left, right, 1),
        Operator::GtEq => (right, left, 0),
        Operator::Gt => (right, left, 1),
        _ => return None,
    };
    let number = match number.as_ref() {
        Expr::Cast(cast) => &cast.expr,
        _ => number,
    };
    let Ok(ScalarValue::Int64(Some(limit))) = literal(limit)?.cast_to(&DataType::Int64) else {
        return None;
    };
    let count = usize::try_from(limit.checked_sub(below)?).ok().filter(|count| *count > 0)?;
    Some((number, count))
}

/// Returns a plan with a nearest join below the window function that makes a column, if the
/// column is what numbers the pairs of a join by their distance.
fn replaced(
    plan: &LogicalPlan,
    column: usize,
    count: usize,
    make: Make<'_>,
) -> Result<Option<LogicalPlan>> {
    let (input, index) = match plan {
        LogicalPlan::SubqueryAlias(alias) => (&alias.input, column),
        LogicalPlan::Projection(projection) => {
            let expr = projection.expr.get(column).cloned().map(Expr::unalias);
            let Some(Expr::Column(below)) = expr else { return Ok(None) };
            (&projection.input, projection.input.schema().index_of_column(&below)?)
        }
        LogicalPlan::Window(window) => return numbered(window, column, count, make),
        _ => return Ok(None),
    };
    let Some(input) = replaced(input, index, count, make)? else { return Ok(None) };
    plan.with_new_exprs(plan.expressions(), vec![input]).map(Some)
}

fn numbered(
    window: &Window,
    column: usize,
    count: usize,
    make: Make<'_>,
) -> Result<Option<LogicalPlan>> {
    let input_count = window.input.schema().fields().len();
    // Another function of the window might look at all pairs.
    let ([expr], true) = (window.window_expr.as_slice(), column == input_count) else {
        return Ok(None);
    };
    let Expr::WindowFunction(function) = expr.clone().unalias() else { return Ok(None) };
    let Some(pairs) = Pairs::of(&window.input) else { return Ok(None) };
    let Some((sides, terms)) = pairs.terms(&function, count)? else { return Ok(None) };
    let [left, right] = sides;
    let node = make(left, right, terms)?;
    let input = project(columns(window.input.schema()), node.into_plan())?;
    let window = Window::try_new(window.window_expr.clone(), Arc::new(input))?;
    Ok(Some(LogicalPlan::Window(window)))
}

/// All pairs of the rows of two plans, some of which a filter may leave out.
struct Pairs<'a> {
    sides: [&'a Arc<LogicalPlan>; 2],
    conditions: Vec<&'a Expr>,
}

impl<'a> Pairs<'a> {
    fn of(plan: &'a LogicalPlan) -> Option<Self> {
        let (plan, mut conditions) = match plan {
            LogicalPlan::Filter(filter) => {
                (filter.input.as_ref(), split_conjunction(&filter.predicate))
            }
            _ => (plan, Vec::new()),
        };
        let LogicalPlan::Join(join) = plan else { return None };
        let always = Expr::Literal(ScalarValue::Boolean(Some(true)), None);
        let own = join.filter.iter().flat_map(split_conjunction);
        conditions.extend(own.filter(|condition| **condition != always));
        let is_simple = join.join_type == JoinType::Inner && join.on.is_empty();
        is_simple.then_some(Self { sides: [&join.left, &join.right], conditions })
    }

    /// Returns queries and objects, and what a window function asks for of them.
    fn terms(
        &self,
        function: &WindowFunction,
        count: usize,
    ) -> Result<Option<([Arc<LogicalPlan>; 2], Terms)>> {
        let parameters = &function.params;
        let Some((first, others)) = parameters.order_by.split_first() else { return Ok(None) };
        let is_plain = function.fun.name() == ROW_NUMBER
            && !parameters.partition_by.is_empty()
            && parameters.filter.is_none()
            && !parameters.distinct;
        let [left, right] = self.sides;
        let is_of =
            |side: &LogicalPlan| parameters.partition_by.iter().all(|expr| is_in(expr, side));
        let (queries, objects) = match (is_of(left), is_of(right)) {
            (true, false) => (left, right),
            (false, true) => (right, left),
            _ => return Ok(None),
        };
        let Some(([query, object], distance)) =
            geometries(first, queries, objects).filter(|_| is_plain)
        else {
            return Ok(None);
        };
        // What only the query decides is the same for all of its pairs.
        let ties: Vec<&SortExpr> = others.iter().filter(|key| !is_in(&key.expr, queries)).collect();
        let are_known = ties.iter().all(|tie| is_in(&tie.expr, objects));
        let edges = edges(query, queries.schema())?;
        let are_alike = edges.is_some()
            && edges == self::edges(object, objects.schema())?
            && (distance.chosen.is_none() || edges == Some(Edges::Spherical));
        if !are_known || !are_alike {
            return Ok(None);
        }
        let Some(sides) = self.filtered([queries, objects])? else { return Ok(None) };
        let terms = Terms {
            query: query.clone(),
            object: object.clone(),
            count,
            ties: ties.into_iter().cloned().collect(),
            figure: distance.figure(),
            is_outer: false,
            takes_unplaced: true,
        };
        Ok(Some((sides, terms)))
    }

    /// Returns the sides with the conditions on them, if each is on one side alone.
    fn filtered(&self, sides: [&Arc<LogicalPlan>; 2]) -> Result<Option<[Arc<LogicalPlan>; 2]>> {
        let [one, other] = sides;
        let is_single = |condition: &&Expr| is_in(condition, one) != is_in(condition, other);
        if !self.conditions.iter().all(is_single) {
            return Ok(None);
        }
        let filtered = |side: &Arc<LogicalPlan>| -> Result<Arc<LogicalPlan>> {
            let own = self.conditions.iter().filter(|condition| is_in(condition, side));
            let Some(condition) = conjunction(own.copied().cloned()) else {
                return Ok(Arc::clone(side));
            };
            let plan = LogicalPlanBuilder::from(side.as_ref().clone()).filter(condition)?;
            plan.build().map(Arc::new)
        };
        Ok(Some([filtered(one)?, filtered(other)?]))
    }
}

/// Returns the query and the object of an order by distance, nearest first, and the distance.
fn geometries<'a>(
    key: &'a SortExpr,
    queries: &LogicalPlan,
    objects: &LogicalPlan,
) -> Option<([&'a Expr; 2], Distance<'a>)> {
    let distance = Distance::of(&key.expr)?;
    let [one, other] = distance.between;
    if !key.asc || key.nulls_first {
        return None;
    }
    match (is_in(one, queries) && is_in(other, objects), is_in(other, queries)) {
        (true, _) => Some(([one, other], distance)),
        (_, true) if is_in(one, objects) => Some(([other, one], distance)),
        _ => None,
    }
}

/// Returns whether an expression looks at columns of a plan and at nothing else.
fn is_in(expr: &Expr, plan: &LogicalPlan) -> bool {
    !expr.column_refs().is_empty() && !expr.is_volatile() && is_from(expr, plan)
}

/// Returns what the edges of geometries are; nothing when their type is no type.
pub(super) fn edges(expr: &Expr, schema: &DFSchema) -> Result<Option<Edges>> {
    let (_, field) = expr.to_field(schema)?;
    let known = GeometryType::from_field(&field).ok();
    Ok(known.map(|found| found.map_or(Edges::Planar, |found| found.edges)))
}
