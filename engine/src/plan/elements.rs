//! The reference system of geometries that come out of a list, and that texts are JSON.
//!
//! `UNNEST` forgets what the list's field says of its elements. A list of structs keeps it, so
//! each of them is put into a struct for the way.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::common::{Column, Result};
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::logical_plan::Unnest;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Projection, ScalarUDF};
use godwit_geometry::is_geometry;
use godwit_udfs::is_json;

use crate::functions::{ELEMENT, Elements};

/// Returns the plan with the lists of geometries or JSON in it unnested as lists of structs.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    if !has_unnest(&plan)? {
        return Ok(plan);
    }
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Unnest(unnest) => match rewrite_unnest(&unnest)? {
            Some(plan) => Ok(Transformed::yes(plan)),
            None => Ok(Transformed::yes(LogicalPlan::Unnest(unnest).recompute_schema()?)),
        },
        // What stands above an UNNEST learns what its columns say now.
        other => Ok(Transformed::yes(other.recompute_schema()?)),
    })?;
    Ok(rewritten.data)
}

fn has_unnest(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_with_subqueries(|plan| {
        found |= matches!(plan, LogicalPlan::Unnest(_));
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

fn rewrite_unnest(unnest: &Unnest) -> Result<Option<LogicalPlan>> {
    let schema = unnest.input.schema();
    let mut outputs: Vec<&Column> = Vec::new();
    let mut lists: Vec<usize> = Vec::new();
    for (index, list) in &unnest.list_type_columns {
        if let DataType::List(item) = schema.field(*index).data_type()
            && (is_geometry(item) || is_json(item))
            && list.depth == 1
        {
            outputs.push(&list.output_column);
            lists.push(*index);
        }
    }
    if lists.is_empty() {
        return Ok(None);
    }
    let wrap = ScalarUDF::from(Elements::new());
    let wrapped = schema.iter().enumerate().map(|(index, (qualifier, field))| {
        let column = Expr::Column(Column::from((qualifier, field)));
        if lists.contains(&index) {
            wrap.call(vec![column]).alias_qualified(qualifier.cloned(), field.name())
        } else {
            column
        }
    });
    let inner = Projection::try_new(wrapped.collect(), Arc::clone(&unnest.input))?;
    let unnested = LogicalPlanBuilder::from(LogicalPlan::Projection(inner))
        .unnest_columns_with_options(unnest.exec_columns.clone(), unnest.options.clone())?
        .build()?;
    let unwrapped = unnested.schema().iter().map(|(qualifier, field)| {
        let column = Expr::Column(Column::from((qualifier, field)));
        if outputs.iter().any(|output| output.name == *field.name()) {
            get_field(column, ELEMENT).alias_qualified(qualifier.cloned(), field.name())
        } else {
            column
        }
    });
    let outer = Projection::try_new(unwrapped.collect(), Arc::new(unnested.clone()))?;
    Ok(Some(LogicalPlan::Projection(outer)))
}
