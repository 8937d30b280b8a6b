//! Groups, sets, joins and windows of intervals by how long they are: '1 month', '30 days' and
//! '720 hours' are one group, as they are equal. The engine below looks at months first.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchema, Result};
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::logical_expr::expr::{AggregateFunction, InSubquery, WindowFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, ExprSchemable as _, Join, LogicalPlan, Projection, Subquery,
    WindowFrameBound, WindowFrameUnits,
};

use super::conversions::length;

/// Returns the plan with lengths where intervals tell rows apart.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Distinct(Distinct::All(input)) if has_interval(input.schema()) => {
            let columns = input.schema().iter().map(|field| Expr::Column(Column::from(field)));
            let columns = columns.collect();
            let aggregate = Aggregate::try_new(input, columns, Vec::new())?;
            Ok(Transformed::yes(grouped(aggregate)?))
        }
        LogicalPlan::Aggregate(aggregate) => {
            let plan = counted(aggregate)?;
            match plan.data {
                LogicalPlan::Aggregate(aggregate) if has_interval_key(&aggregate) => {
                    Ok(Transformed::yes(grouped(aggregate)?))
                }
                data => Ok(Transformed { data, ..plan }),
            }
        }
        LogicalPlan::Join(join) => joined(join),
        LogicalPlan::Window(_) => expressions(plan, windowed),
        other => expressions(other, sought),
    })?;
    Ok(rewritten.data)
}

fn is_interval(expr: &Expr, schema: &DFSchema) -> bool {
    expr.get_type(schema).is_ok_and(|of| matches!(of, DataType::Interval(_)))
}

fn has_interval(schema: &DFSchema) -> bool {
    schema.fields().iter().any(|field| matches!(field.data_type(), DataType::Interval(_)))
}

fn has_interval_key(aggregate: &Aggregate) -> bool {
    let schema = aggregate.input.schema();
    !aggregate.group_expr.iter().any(|key| matches!(key, Expr::GroupingSet(_)))
        && aggregate.group_expr.iter().any(|key| is_interval(key, schema))
}

/// Rewrites each expression of a plan, of which the names stay.
fn expressions(
    plan: LogicalPlan,
    rewrite: fn(Expr, &DFSchema) -> Result<Transformed<Expr>>,
) -> Result<Transformed<LogicalPlan>> {
    let schema = merge_schema(&plan.inputs());
    let names = NamePreserver::new(&plan);
    plan.map_expressions(|expr| {
        let name = names.save(&expr);
        let rewritten = expr.transform_up(|expr| rewrite(expr, &schema))?;
        Ok(rewritten.update_data(|expr| name.restore(expr)))
    })
}

/// Returns an aggregate whose groups are those of equally long intervals; of each the first is
/// shown.
fn grouped(aggregate: Aggregate) -> Result<LogicalPlan> {
    let Aggregate { input, group_expr, mut aggr_expr, schema, .. } = aggregate;
    let count = group_expr.len() + aggr_expr.len();
    let mut keys = Vec::with_capacity(group_expr.len());
    let mut shown = Vec::new();
    for (place, key) in group_expr.into_iter().enumerate() {
        if !is_interval(&key, input.schema()) {
            keys.push(key);
            continue;
        }
        shown.push(place);
        aggr_expr.push(first_value(key.clone(), Vec::new()).alias(format!("interval {place}")));
        keys.push(length(key).alias(format!("length {place}")));
    }
    let aggregate = Aggregate::try_new(input, keys, aggr_expr)?;
    let columns = schema.iter().enumerate().map(|(place, (qualifier, field))| {
        let source = shown.iter().position(|shown| *shown == place);
        let source = source.map_or(place, |found| count + found);
        let column = Column::from(aggregate.schema.qualified_field(source));
        if column.relation.as_ref() == qualifier && column.name == *field.name() {
            return Expr::Column(column);
        }
        Expr::Column(column).alias_qualified(qualifier.cloned(), field.name())
    });
    let columns = columns.collect();
    let aggregate = Arc::new(LogicalPlan::Aggregate(aggregate));
    Ok(LogicalPlan::Projection(Projection::try_new(columns, aggregate)?))
}

/// Returns an aggregate that counts intervals of different lengths.
fn counted(aggregate: Aggregate) -> Result<Transformed<LogicalPlan>> {
    let is_concerned = aggregate.aggr_expr.iter().any(|expr| {
        let of_intervals = expr.exists(|expr| {
            Ok(matches!(expr, Expr::AggregateFunction(call) if is_count(call, aggregate.input.schema())))
        });
        of_intervals.unwrap_or(false)
    });
    let plan = LogicalPlan::Aggregate(aggregate);
    if !is_concerned {
        return expressions(plan, sought);
    }
    expressions(plan, |expr, schema| match expr {
        Expr::AggregateFunction(mut call) if is_count(&call, schema) => {
            call.params.args = call.params.args.into_iter().map(length).collect();
            Ok(Transformed::yes(Expr::AggregateFunction(call)))
        }
        other => sought(other, schema),
    })
}

/// Returns whether a call counts different intervals.
fn is_count(call: &AggregateFunction, schema: &DFSchema) -> bool {
    call.params.distinct
        && call.func.name() == "count"
        && matches!(call.params.args.as_slice(), [only] if is_interval(only, schema))
}

fn joined(mut join: Join) -> Result<Transformed<LogicalPlan>> {
    let (left, right) = (Arc::clone(join.left.schema()), Arc::clone(join.right.schema()));
    let mut has_changed = false;
    join.on = join
        .on
        .into_iter()
        .map(|(first, second)| {
            if is_interval(&first, &left) && is_interval(&second, &right) {
                has_changed = true;
                return (length(first), length(second));
            }
            (first, second)
        })
        .collect();
    let rest = expressions(LogicalPlan::Join(join), sought)?;
    Ok(Transformed { transformed: rest.transformed || has_changed, ..rest })
}

/// Returns a window whose partitions and peers are those of equally long intervals.
fn windowed(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let Expr::WindowFunction(mut window) = expr else { return sought(expr, schema) };
    let mut has_changed = false;
    let reaches_by_value = reaches_by_value(&window);
    let params = &mut window.params;
    for key in &mut params.partition_by {
        if is_interval(key, schema) {
            *key = length(key.clone());
            has_changed = true;
        }
    }
    for key in &mut params.order_by {
        if !reaches_by_value && is_interval(&key.expr, schema) {
            key.expr = length(key.expr.clone());
            has_changed = true;
        }
    }
    Ok(Transformed::new_transformed(Expr::WindowFunction(window), has_changed))
}

/// Returns whether the frame of a window begins or ends at a distance from the value of its key.
fn reaches_by_value(window: &WindowFunction) -> bool {
    let frame = &window.params.window_frame;
    let is_distance = |bound: &WindowFrameBound| match bound {
        WindowFrameBound::Preceding(value) | WindowFrameBound::Following(value) => !value.is_null(),
        WindowFrameBound::CurrentRow => false,
    };
    frame.units == WindowFrameUnits::Range
        && (is_distance(&frame.start_bound) || is_distance(&frame.end_bound))
}

/// Returns a membership of intervals in those of a subquery as one of their lengths.
fn sought(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let Expr::InSubquery(membership) = expr else { return Ok(Transformed::no(expr)) };
    let InSubquery { expr, subquery, negated } = membership;
    let items = subquery.subquery.schema();
    let are_intervals = is_interval(&expr, schema)
        && matches!(items.fields().iter().as_slice(), [only] if matches!(only.data_type(), DataType::Interval(_)));
    if !are_intervals {
        return Ok(Transformed::no(Expr::InSubquery(InSubquery { expr, subquery, negated })));
    }
    let item = Expr::Column(Column::from(items.qualified_field(0)));
    let lengths = Projection::try_new(vec![length(item)], Arc::clone(&subquery.subquery))?;
    let subquery = Subquery { subquery: Arc::new(LogicalPlan::Projection(lengths)), ..subquery };
    let expr = Box::new(length(*expr));
    Ok(Transformed::yes(Expr::InSubquery(InSubquery { expr, subquery, negated })))
}
