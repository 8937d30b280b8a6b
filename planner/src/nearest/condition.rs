//! Joins on `ST_KNN(query, object, k)`.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Column, JoinType, Result, ScalarValue, plan_err};
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Join, LogicalPlan, LogicalPlanBuilder};
use godwit_geometry::Relation;
use godwit_geometry::geodesic::Figure;

use super::node::Terms;
use super::rule::Make;
use crate::names::{arguments_of, literal};

/// A join on `ST_KNN`, made a nearest join.
pub(super) struct Conditioned {
    /// The columns of both sides and the distance.
    pub(super) plan: LogicalPlan,
    pub(super) query: Expr,
    pub(super) object: Expr,
    pub(super) distance: Column,
}

/// Returns the nearest join that a join on `ST_KNN` is, whether the call stands in the condition
/// of the join or in a filter upon a cross join.
pub(super) fn conditioned(plan: &LogicalPlan, make: Make<'_>) -> Result<Option<Conditioned>> {
    let (join, filter) = match plan {
        LogicalPlan::Join(join) => (join, None),
        LogicalPlan::Filter(filter) => match filter.input.as_ref() {
            LogicalPlan::Join(join) if join.join_type == JoinType::Inner => {
                (join, Some(&filter.predicate))
            }
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let conditions = filter.into_iter().chain(&join.filter).flat_map(split_conjunction);
    let (calls, rest): (Vec<_>, Vec<_>) = conditions
        .partition(|condition| arguments_of(condition, Relation::NEAREST_FUNCTION).is_some());
    let Some((call, others)) = calls.split_first() else { return Ok(None) };
    let pairs = join.on.iter().map(|(left, right)| left.clone().eq(right.clone()));
    let rest = conjunction(others.iter().chain(&rest).copied().cloned().chain(pairs));
    if rest.is_some() && join.join_type != JoinType::Inner {
        return plan_err!(
            "ST_KNN must be the only condition of an outer join; put the others into a subquery"
        );
    }
    let call = Call::read(arguments_of(call, Relation::NEAREST_FUNCTION).unwrap_or_default())?;
    let is_exchanged = is_from(&call.object, &join.left) && is_from(&call.query, &join.right);
    let is_outer = match (join.join_type, is_exchanged) {
        (JoinType::Inner, _) => false,
        (JoinType::Left, false) | (JoinType::Right, true) => true,
        (JoinType::Left | JoinType::Right, _) => {
            return plan_err!("an outer join on ST_KNN must keep the rows of its first argument");
        }
        (kind, _) => return plan_err!("ST_KNN cannot be the condition of a {kind} join"),
    };
    let (left, right) = inputs(join, is_exchanged);
    if !is_from(&call.query, left) || !is_from(&call.object, right) {
        return plan_err!("the geometries of ST_KNN must come from the two sides of the join");
    }
    let terms = Terms {
        query: call.query.clone(),
        object: call.object.clone(),
        count: call.count,
        ties: Vec::new(),
        figure: Figure::Spheroid,
        is_outer,
        takes_unplaced: false,
    };
    let node = make(Arc::clone(left), Arc::clone(right), terms)?;
    let distance = node.distance();
    let mut plan = node.into_plan();
    if let Some(rest) = rest {
        plan = LogicalPlanBuilder::from(plan).filter(rest)?.build()?;
    }
    Ok(Some(Conditioned { plan, query: call.query, object: call.object, distance }))
}

/// The arguments of `ST_KNN`.
struct Call {
    query: Expr,
    object: Expr,
    count: usize,
}

impl Call {
    fn read(arguments: &[Expr]) -> Result<Self> {
        let (query, object, count, spheroid) = match arguments {
            [query, object, count] => (query, object, count, None),
            [query, object, count, spheroid] => (query, object, count, Some(spheroid)),
            _ => return plan_err!("ST_KNN takes two geometries and a number of rows"),
        };
        let count = literal(count).and_then(|count| count.cast_to(&DataType::Int64).ok());
        let count = match count {
            Some(ScalarValue::Int64(Some(count))) => usize::try_from(count).ok(),
            _ => None,
        };
        let Some(count) = count.filter(|count| *count > 0) else {
            return plan_err!("the number of rows in ST_KNN must be a literal above 0");
        };
        let is_planar = match spheroid.map(literal) {
            None => true,
            Some(value) => value == Some(ScalarValue::Boolean(Some(false))),
        };
        if !is_planar {
            return plan_err!("ST_KNN measures in the plane; leave out its last argument");
        }
        Ok(Self { query: query.clone(), object: object.clone(), count })
    }
}

fn inputs(join: &Join, is_exchanged: bool) -> (&Arc<LogicalPlan>, &Arc<LogicalPlan>) {
    if is_exchanged { (&join.right, &join.left) } else { (&join.left, &join.right) }
}

/// Returns whether all columns of an expression are those of a plan.
pub(super) fn is_from(expr: &Expr, plan: &LogicalPlan) -> bool {
    expr.column_refs().iter().all(|column| plan.schema().has_column(column))
}
