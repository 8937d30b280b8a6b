//! Checks once more, on the finished plan, that every table in it may be read.

use std::collections::HashMap;

use datafusion::common::TableReference;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use godwit_catalog::TableName;

use super::scope::Scope;
use crate::error::Error;
use crate::rights::{Privilege, Rights};

/// The tables and views of the catalog that a statement names, and who wants to read them.
#[derive(Debug, Default)]
pub(super) struct Guard {
    rights: Rights,
    objects: HashMap<TableReference, Object>,
}

/// A table or view of the catalog.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: TableName,
    pub(super) is_view: bool,
}

impl Guard {
    pub(super) fn new(scope: &Scope) -> Self {
        Self { rights: scope.rights.clone(), objects: HashMap::new() }
    }

    /// Notes which table or view a reference of the plan means.
    pub(super) fn insert(&mut self, reference: TableReference, object: Object) {
        if self.rights.is_limited() {
            self.objects.insert(reference, object);
        }
    }

    /// Checks the scans of a plan and those of its subqueries. What is inside a view was checked
    /// for whoever made it; the view itself is an alias over its query.
    pub(super) fn check(&self, plan: &LogicalPlan) -> Result<(), Error> {
        if !self.rights.is_limited() {
            return Ok(());
        }
        let mut refused = None;
        plan.apply_with_subqueries(|node| {
            let reference = match node {
                LogicalPlan::TableScan(scan) => &scan.table_name,
                LogicalPlan::SubqueryAlias(alias) => &alias.alias,
                _ => return Ok(TreeNodeRecursion::Continue),
            };
            let Some(object) = self.objects.get(reference) else {
                return Ok(TreeNodeRecursion::Continue);
            };
            if let Err(error) = self.rights.require(Privilege::Select, &object.name) {
                refused = Some(error);
                return Ok(TreeNodeRecursion::Stop);
            }
            let inside = TreeNodeRecursion::Jump;
            Ok(if object.is_view { inside } else { TreeNodeRecursion::Continue })
        })?;
        refused.map_or(Ok(()), Err)
    }
}
