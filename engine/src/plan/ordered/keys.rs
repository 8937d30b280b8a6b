//! The order that the rows of a plan have, as columns of the plan.

use std::sync::Arc;

use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::logical_plan::{Filter, Limit, Sort, SubqueryAlias};
use datafusion::logical_expr::{Expr, LogicalPlan, Projection, SortExpr};

/// A plan whose rows have an order.
pub(super) struct Sorted {
    pub(super) plan: LogicalPlan,
    keys: Vec<Key>,
}

/// A column to sort by.
#[derive(Clone, Copy)]
struct Key {
    /// The place of the column in the schema of the plan.
    index: usize,
    asc: bool,
    nulls_first: bool,
}

impl Sorted {
    /// Returns the order over columns of the plan; nothing when one of them cannot be named.
    pub(super) fn columns(&self) -> Option<Vec<SortExpr>> {
        let schema = self.plan.schema();
        let columns = self.keys.iter().map(|key| {
            let column = Column::from(schema.qualified_field(key.index));
            let is_found = schema.maybe_index_of_column(&column) == Some(key.index);
            is_found.then(|| Expr::Column(column).sort(key.asc, key.nulls_first))
        });
        columns.collect()
    }
}

/// Returns a plan with the columns that its rows are sorted by, if they are.
pub(super) fn sorted(plan: &LogicalPlan) -> Result<Option<Sorted>> {
    match plan {
        LogicalPlan::Sort(sort) => by_columns(sort).map(Some),
        LogicalPlan::Limit(limit) => {
            over(&limit.input, |input| Ok(LogicalPlan::Limit(Limit { input, ..limit.clone() })))
        }
        LogicalPlan::Filter(filter) => over(&filter.input, |input| {
            Filter::try_new(filter.predicate.clone(), input).map(LogicalPlan::Filter)
        }),
        LogicalPlan::SubqueryAlias(alias) => over(&alias.input, |input| {
            SubqueryAlias::try_new(input, alias.alias.clone()).map(LogicalPlan::SubqueryAlias)
        }),
        LogicalPlan::Projection(projection) => projected(projection),
        _ => Ok(None),
    }
}

/// Returns an operator that keeps rows and columns as they are over its input, if that is sorted.
fn over(
    input: &LogicalPlan,
    operator: impl FnOnce(Arc<LogicalPlan>) -> Result<LogicalPlan>,
) -> Result<Option<Sorted>> {
    let Some(Sorted { plan, keys }) = sorted(input)? else { return Ok(None) };
    Ok(Some(Sorted { plan: operator(Arc::new(plan))?, keys }))
}

/// Returns a sort by columns alone: what else it sorts by is computed below it, once.
fn by_columns(sort: &Sort) -> Result<Sorted> {
    let schema = sort.input.schema();
    let mut exprs: Vec<Expr> = columns(schema);
    let mut keys = Vec::with_capacity(sort.expr.len());
    for SortExpr { expr, asc, nulls_first } in &sort.expr {
        let found = match expr {
            Expr::Column(column) => schema.maybe_index_of_column(column),
            _ => None,
        };
        let index = found.unwrap_or(exprs.len());
        if found.is_none() {
            exprs.push(expr.clone().alias(unused_name(schema, index)));
        }
        keys.push(Key { index, asc: *asc, nulls_first: *nulls_first });
    }
    if exprs.len() == schema.fields().len() {
        return Ok(Sorted { plan: LogicalPlan::Sort(sort.clone()), keys });
    }
    let projection = Projection::try_new(exprs, Arc::clone(&sort.input))?;
    let input = Arc::new(LogicalPlan::Projection(projection));
    let named = keys.iter().map(|key| {
        let column = Column::from(input.schema().qualified_field(key.index));
        Expr::Column(column).sort(key.asc, key.nulls_first)
    });
    let sort = Sort { expr: named.collect(), input: Arc::clone(&input), fetch: sort.fetch };
    Ok(Sorted { plan: LogicalPlan::Sort(sort), keys })
}

/// Returns a select list over a sorted input with the columns of the order, of which those that it
/// lacks come behind it.
fn projected(projection: &Projection) -> Result<Option<Sorted>> {
    let Some(Sorted { plan, mut keys }) = sorted(&projection.input)? else { return Ok(None) };
    let mut exprs = projection.expr.clone();
    for key in &mut keys {
        let own = Expr::Column(Column::from(plan.schema().qualified_field(key.index)));
        let found = exprs.iter().position(|expr| *without_alias(expr) == own);
        key.index = found.unwrap_or(exprs.len());
        if found.is_none() {
            exprs.push(own.alias(unused_name(&projection.schema, key.index)));
        }
    }
    let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan))?);
    Ok(Some(Sorted { plan, keys }))
}

/// Returns all columns of a schema.
pub(super) fn columns(schema: &DFSchema) -> Vec<Expr> {
    schema.iter().map(|field| Expr::Column(Column::from(field))).collect()
}

fn without_alias(expr: &Expr) -> &Expr {
    match expr {
        Expr::Alias(alias) => without_alias(&alias.expr),
        other => other,
    }
}

/// Returns a name for a column that no other has.
fn unused_name(schema: &DFSchema, index: usize) -> String {
    let mut name = format!("order {index}");
    while schema.has_column_with_unqualified_name(&name) {
        name.push('\'');
    }
    name
}
