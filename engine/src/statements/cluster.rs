//! `CLUSTER BY`: rows in the order of the columns, geometries along a Hilbert curve.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF};
use godwit_geometry::is_geometry;
use sqlparser::ast::Ident;

use crate::error::{Code, Error, nearest};
use crate::functions::HilbertKey;

/// Returns the plan with its rows sorted; the sort spills.
pub(super) fn clustered(plan: LogicalPlan, columns: &[Ident]) -> Result<LogicalPlan, Error> {
    if columns.is_empty() {
        return Ok(plan);
    }
    let mut order = Vec::with_capacity(columns.len());
    for ident in columns {
        let index = find(&plan, ident, "CLUSTER BY")?;
        let (qualifier, field) = plan.schema().qualified_field(index);
        let column = Expr::Column(Column::from((qualifier, field)));
        let key = if is_geometry(field) {
            Arc::new(ScalarUDF::from(HilbertKey::new())).call(vec![column])
        } else {
            column
        };
        order.push(key.sort(true, false));
    }
    Ok(LogicalPlanBuilder::from(plan).sort(order)?.build()?)
}

/// Returns the names of columns as the plan spells them.
pub(super) fn spelled(
    plan: &LogicalPlan,
    columns: &[Ident],
    clause: &str,
) -> Result<Vec<String>, Error> {
    columns
        .iter()
        .map(|ident| {
            let index = find(plan, ident, clause)?;
            Ok(plan.schema().field(index).name().clone())
        })
        .collect()
}

fn find(plan: &LogicalPlan, ident: &Ident, clause: &str) -> Result<usize, Error> {
    let names: Vec<&str> =
        plan.schema().fields().iter().map(|field| field.name().as_str()).collect();
    if let Some(index) = names.iter().position(|name| *name == ident.value) {
        return Ok(index);
    }
    let mut similar = names
        .iter()
        .enumerate()
        .filter(|(_, name)| ident.quote_style.is_none() && name.eq_ignore_ascii_case(&ident.value));
    if let (Some((index, _)), None) = (similar.next(), similar.next()) {
        return Ok(index);
    }
    let error = Error::new(
        Code::UndefinedColumn,
        format!("column \"{}\" of {clause} is not in the query's result", ident.value),
    );
    Err(match nearest(&ident.value, names.iter().copied()) {
        Some(near) => error.with_hint(format!("Did you mean \"{near}\"?")),
        None => error.with_hint(format!("The columns are {}.", names.join(", "))),
    })
}
