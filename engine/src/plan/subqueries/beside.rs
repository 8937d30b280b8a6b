//! Relations that speak of the rows beside them in subqueries of their own only:
//! `FROM a, LATERAL (SELECT (SELECT max(x) FROM c WHERE c.k = a.k)) AS s`. The planner below does
//! not look there, and takes such a relation for one that stands alone.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::logical_plan::SubqueryAlias;
use datafusion::logical_expr::{Join, LogicalPlan};
use godwit_planner::outer_columns;

use super::shape::{is_lateral, lateral};

/// Returns a join with a lateral subquery in the place of such a relation.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let LogicalPlan::Join(join) = plan else { return Ok(Transformed::no(plan)) };
    if is_lateral(&join.right) {
        return Ok(Transformed::no(LogicalPlan::Join(join)));
    }
    // A name that is that of another column, too, is one that is mentioned.
    let mentioned = outer_columns(&join.right, join.left.schema())?;
    if mentioned.is_some_and(|columns| columns.is_empty()) {
        return Ok(Transformed::no(LogicalPlan::Join(join)));
    }
    let right = Arc::new(match join.right.as_ref() {
        LogicalPlan::SubqueryAlias(alias) => {
            let rows = Arc::new(LogicalPlan::Subquery(lateral(Arc::clone(&alias.input))));
            LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(rows, alias.alias.clone())?)
        }
        _ => LogicalPlan::Subquery(lateral(Arc::clone(&join.right))),
    });
    Ok(Transformed::yes(LogicalPlan::Join(Join { right, ..join })))
}
