//! Columns of a subquery that the query engine would take for each other.
//!
//! It takes conditions that speak of the outer row out of a subquery, and gives all columns of these
//! the name of the subquery for a qualifier. So `s.id` and `r.id` become one.

use std::collections::HashMap;

use datafusion::common::Column;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan};

/// Where a column comes from: on which sides of joins its rows are, and what it is called there.
type Origin = (Vec<bool>, Column);

/// Returns whether every name that conditions compare with the outer row means one column, among
/// them and the columns that the subquery gives.
pub(super) fn has_distinct_names(plan: &LogicalPlan) -> bool {
    let mut compared = Vec::new();
    collect(plan, &[], &mut compared);
    let mut known: HashMap<String, Origin> = HashMap::new();
    for (name, origin) in compared {
        if known.get(&name).is_some_and(|other| *other != origin) {
            return false;
        }
        known.insert(name, origin);
    }
    plan.schema().iter().map(Column::from).all(|column| match known.get(&column.name) {
        Some(other) => *other == origin(plan, column, Vec::new()),
        None => true,
    })
}

/// Collects the columns that conditions compare with the outer row.
fn collect(plan: &LogicalPlan, path: &[bool], compared: &mut Vec<(String, Origin)>) {
    match plan {
        LogicalPlan::Join(join) => {
            collect(&join.left, &[path, &[true]].concat(), compared);
            collect(&join.right, &[path, &[false]].concat(), compared);
            return;
        }
        LogicalPlan::Filter(filter) => {
            let conditions = split_conjunction(&filter.predicate).into_iter();
            for condition in conditions.filter(|condition| condition.contains_outer()) {
                for column in condition.column_refs() {
                    let origin = origin(&filter.input, column.clone(), path.to_vec());
                    compared.push((column.name.clone(), origin));
                }
            }
        }
        _ => {}
    }
    for input in plan.inputs() {
        collect(input, path, compared);
    }
}

/// Returns where a column of a plan comes from.
fn origin(plan: &LogicalPlan, column: Column, mut path: Vec<bool>) -> Origin {
    match plan {
        LogicalPlan::Filter(filter) => origin(&filter.input, column, path),
        LogicalPlan::Sort(sort) => origin(&sort.input, column, path),
        LogicalPlan::Subquery(subquery) => origin(&subquery.subquery, column, path),
        LogicalPlan::SubqueryAlias(alias) => match alias.schema.maybe_index_of_column(&column) {
            Some(index) => {
                let inner = Column::from(alias.input.schema().qualified_field(index));
                origin(&alias.input, inner, path)
            }
            None => (path, column),
        },
        LogicalPlan::Projection(projection) => {
            let index = projection.schema.maybe_index_of_column(&column);
            match index.and_then(|index| projection.expr.get(index)).map(unaliased) {
                Some(Expr::Column(inner)) => origin(&projection.input, inner.clone(), path),
                _ => (path, column),
            }
        }
        LogicalPlan::Join(join) => {
            let is_left = join.left.schema().has_column(&column);
            path.push(is_left);
            origin(if is_left { &join.left } else { &join.right }, column, path)
        }
        _ => (path, column),
    }
}

fn unaliased(expr: &Expr) -> &Expr {
    match expr {
        Expr::Alias(alias) => unaliased(&alias.expr),
        expr => expr,
    }
}
