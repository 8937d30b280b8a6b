//! Scans of table functions that are told apart by name.
//!
//! The query engine calls each scan of a function after the function alone, and takes two scans of
//! one name for equal, whatever their arguments: of two subqueries it would run one.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Result, TableReference};
use datafusion::logical_expr::{LogicalPlan, SubqueryAlias, TableScan, TableScanBuilder};

/// Returns the plan with a name of its own for each but the first scan of a function.
pub(super) fn told_apart(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut counts: HashMap<TableReference, usize> = HashMap::new();
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        let LogicalPlan::TableScan(scan) = plan else { return Ok(Transformed::no(plan)) };
        if !scan.table_name.table().ends_with("()") {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        }
        let count = counts.entry(scan.table_name.clone()).or_default();
        *count += 1;
        if *count == 1 {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        }
        numbered(scan, *count).map(Transformed::yes)
    })?;
    Ok(rewritten.data)
}

/// Returns a scan by another name, whose columns are called as before.
fn numbered(scan: TableScan, number: usize) -> Result<LogicalPlan> {
    let known_as = scan.table_name.clone();
    let name = TableReference::bare(format!("{} {number}", known_as.table()));
    let scan = TableScanBuilder::new(name, scan.source)
        .with_projection(scan.projection)
        .with_filters(scan.filters)
        .with_fetch(scan.fetch)
        .build()?;
    let scan = Arc::new(LogicalPlan::TableScan(scan));
    Ok(LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(scan, known_as)?))
}
