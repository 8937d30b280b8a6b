//! The order of a subquery: kept where something depends on it, and nowhere else.
//!
//! `SELECT ST_MakeLine(geom) FROM (SELECT geom FROM fixes ORDER BY seen_at) AS t`: an order below an
//! aggregate means nothing in SQL, but `PostgreSQL` keeps it and its users rely on it, as they do
//! below a limit, below `row_number() OVER ()` and where the rows are the result. Below everything
//! else a sort is left out, because it costs time.

mod aggregates;
mod keys;
mod windows;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNodeRecursion, TreeNodeRewriter};
use datafusion::logical_expr::LogicalPlan;

use aggregates::{is_ordered, with_order};

/// Who depends on the order of an operator's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Whoever gets the result of the statement or of a subquery in an expression.
    OfResult,
    /// An operator above.
    Needed,
    /// Nobody.
    Idle,
}

/// Returns the plan without sorts that nothing depends on, and with aggregates and windows that say
/// in which order they want their rows where a subquery below says it for them.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut has_sort = false;
    plan.apply_with_subqueries(|plan| {
        has_sort |= matches!(plan, LogicalPlan::Sort(_));
        Ok(if has_sort { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    if !has_sort {
        return Ok(plan);
    }
    Ok(plan.rewrite_with_subqueries(&mut KeepOrder::default())?.data)
}

/// What an operator says of its inputs.
#[derive(Debug, Clone, Copy)]
struct Inputs {
    order: Order,
    /// Whether a subquery below is a relation, and not a part of an expression.
    has_relations: bool,
}

/// A walk over a plan.
#[derive(Debug, Default)]
struct KeepOrder {
    /// The operators above, outermost first.
    above: Vec<Inputs>,
}

impl TreeNodeRewriter for KeepOrder {
    type Node = LogicalPlan;

    fn f_down(&mut self, mut plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
        let order = match (self.above.last(), &plan) {
            (Some(above), LogicalPlan::Subquery(_)) if !above.has_relations => Order::OfResult,
            (Some(above), _) => above.order,
            (None, _) => Order::OfResult,
        };
        let mut has_changed = false;
        while order == Order::Idle
            && let LogicalPlan::Sort(sort) = &plan
            && sort.fetch.is_none()
        {
            plan = sort.input.as_ref().clone();
            has_changed = true;
        }
        self.above.push(Inputs {
            order: below(&plan, order),
            has_relations: matches!(plan, LogicalPlan::Join(_) | LogicalPlan::SubqueryAlias(_)),
        });
        Ok(if has_changed { Transformed::yes(plan) } else { Transformed::no(plan) })
    }

    fn f_up(&mut self, plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
        self.above.pop();
        if let LogicalPlan::Aggregate(aggregate) = &plan
            && let Some(ordered) = with_order(aggregate)?
        {
            return Ok(Transformed::yes(LogicalPlan::Aggregate(ordered)));
        }
        if let LogicalPlan::Window(window) = &plan
            && let Some(ordered) = windows::with_order(window)?
        {
            return Ok(Transformed::yes(ordered));
        }
        Ok(Transformed::no(plan))
    }
}

/// Returns who depends on the order of the inputs of an operator.
fn below(plan: &LogicalPlan, order: Order) -> Order {
    match plan {
        LogicalPlan::Limit(_) => Order::Needed,
        LogicalPlan::Aggregate(aggregate) if is_ordered(aggregate) => Order::Needed,
        LogicalPlan::Window(window) if windows::is_ordered(window) => Order::Needed,
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Unnest(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Subquery(_)
        | LogicalPlan::Extension(_) => order,
        LogicalPlan::Union(_) if order == Order::OfResult => order,
        _ => Order::Idle,
    }
}
