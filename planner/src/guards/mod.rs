//! What can fail is evaluated only for rows that the conditions before it let through: in filters
//! (`conjunctions`), in columns (`columns`), and, here, in the conditions of nested-loop joins.
//!
//! The query engine computes parts of such a condition that read one side only once for every row
//! of that side, before the join. A `CASE` may be there to keep a part from rows it fails for, as a
//! division from a divisor of zero. So parts that can fail are hidden while its rules run.

mod alternatives;
mod columns;
mod conjunctions;
mod hidden;
mod quotients;

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{JoinSide, Result};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, CaseExpr, CastExpr};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr, conjunction, split_conjunction};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};

pub(crate) use columns::ProjectInOrder;
pub(crate) use conjunctions::FilterInOrder;
use hidden::Hidden;
pub use quotients::{QUOTIENT, REMAINDER};

/// Hides what must not be computed before the join.
#[derive(Debug)]
pub(crate) struct HideGuarded;

impl PhysicalOptimizerRule for HideGuarded {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        with_conditions(plan, |filter| {
            let parts = split_conjunction(filter.expression());
            let parts = parts.into_iter().map(|part| hide_guarded(part, filter));
            let parts = parts.collect::<Result<Vec<_>>>()?;
            let is_hidden = parts.iter().any(|part| part.transformed);
            Ok(is_hidden.then(|| conjunction(parts.into_iter().map(|part| part.data))))
        })
    }

    fn name(&self) -> &'static str {
        "hide_guarded"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Shows again what was hidden.
#[derive(Debug)]
pub(crate) struct ShowGuarded;

impl PhysicalOptimizerRule for ShowGuarded {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        with_conditions(plan, |filter| {
            let shown = Arc::clone(filter.expression()).transform_up(|part| {
                Ok(match part.downcast_ref::<Hidden>() {
                    Some(hidden) => Transformed::yes(Arc::clone(hidden.part())),
                    None => Transformed::no(part),
                })
            })?;
            Ok(shown.transformed.then_some(shown.data))
        })
    }

    fn name(&self) -> &'static str {
        "show_guarded"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns a plan with other conditions of its nested-loop joins, where there are any.
fn with_conditions(
    plan: Arc<dyn ExecutionPlan>,
    other: impl Fn(&JoinFilter) -> Result<Option<Arc<dyn PhysicalExpr>>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let changed = plan.transform_up(|node| {
        let Some(join) = node.downcast_ref::<NestedLoopJoinExec>() else {
            return Ok(Transformed::no(node));
        };
        let Some(filter) = join.filter() else { return Ok(Transformed::no(node)) };
        let Some(condition) = other(filter)? else { return Ok(Transformed::no(node)) };
        let columns = filter.column_indices().to_vec();
        let filter = JoinFilter::new(condition, columns, Arc::clone(filter.schema()));
        let join = NestedLoopJoinExecBuilder::from(join).with_filter(Some(filter)).build()?;
        Ok(Transformed::yes(Arc::new(join) as _))
    })?;
    Ok(changed.data)
}

/// Returns a plan with other operators in the place of those of a type, where there are any.
fn replaced<T: ExecutionPlan>(
    plan: Arc<dyn ExecutionPlan>,
    other: impl Fn(&T) -> Result<Option<T>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let changed = plan.transform_up(|node| {
        let Some(operator) = node.downcast_ref::<T>() else { return Ok(Transformed::no(node)) };
        Ok(match other(operator)? {
            Some(operator) => Transformed::yes(Arc::new(operator) as _),
            None => Transformed::no(node),
        })
    })?;
    Ok(changed.data)
}

/// Hides parts of a condition that both sides decide about.
fn hide_guarded(
    condition: &Arc<dyn PhysicalExpr>,
    filter: &JoinFilter,
) -> Result<Transformed<Arc<dyn PhysicalExpr>>> {
    Arc::clone(condition).transform_down(|part| {
        // What reads one side only is computed as a whole, with what is to be kept from it.
        if !reads_both_sides(&part, filter) {
            return Ok(Transformed::new(part, false, TreeNodeRecursion::Jump));
        }
        let Some(guard) = guard_of(&part) else { return Ok(Transformed::no(part)) };
        let mut hidden = hide_failing(part, guard, filter)?;
        hidden.tnr = TreeNodeRecursion::Jump;
        Ok(hidden)
    })
}

/// Hides the largest parts that read one side and can fail.
fn hide_failing(
    guarding: Arc<dyn PhysicalExpr>,
    outer: Guard,
    filter: &JoinFilter,
) -> Result<Transformed<Arc<dyn PhysicalExpr>>> {
    // A `CASE` may be inside of an `OR`.
    let holds_case = guarding.exists(|part| Ok(guard_of(part) == Some(Guard::Case)))?;
    let guard = if holds_case { Guard::Case } else { outer };
    guarding.transform_down(|part| {
        if reads_both_sides(&part, filter)
            || collect_columns(&part).is_empty()
            || !can_fail(&part, guard, filter)?
        {
            return Ok(Transformed::no(part));
        }
        let hidden: Arc<dyn PhysicalExpr> = Arc::new(Hidden::new(part)?);
        Ok(Transformed::new(hidden, true, TreeNodeRecursion::Jump))
    })
}

/// What decides whether its operands are evaluated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// `CASE` and what is like it, whose order is promised.
    Case,
    /// `AND` and `OR`, whose order is none to rely on, though most do.
    Logic,
}

fn guard_of(expr: &Arc<dyn PhysicalExpr>) -> Option<Guard> {
    let chooses = |call: &ScalarFunctionExpr| call.fun().short_circuits();
    if expr.is::<CaseExpr>() || expr.downcast_ref::<ScalarFunctionExpr>().is_some_and(chooses) {
        return Some(Guard::Case);
    }
    let binary = expr.downcast_ref::<BinaryExpr>()?;
    matches!(binary.op(), Operator::And | Operator::Or).then_some(Guard::Logic)
}

/// Returns whether an expression, its operands aside, fails for some values.
///
/// Below `AND` and `OR` only, functions of geometries do not count: they are too dear to be
/// computed for each pair.
fn can_fail(expr: &Arc<dyn PhysicalExpr>, guard: Guard, filter: &JoinFilter) -> Result<bool> {
    if let Some(binary) = expr.downcast_ref::<BinaryExpr>() {
        return Ok(matches!(
            binary.op(),
            Operator::Plus
                | Operator::Minus
                | Operator::Multiply
                | Operator::Divide
                | Operator::Modulo
        ));
    }
    let Some(call) = expr.downcast_ref::<ScalarFunctionExpr>() else {
        return Ok(expr.is::<CastExpr>());
    };
    if guard == Guard::Case {
        return Ok(true);
    }
    for argument in call.args() {
        if is_binary(&argument.data_type(filter.schema())?) {
            return Ok(false);
        }
    }
    Ok(!is_binary(call.return_type()))
}

fn is_binary(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
}

fn reads_both_sides(expr: &Arc<dyn PhysicalExpr>, filter: &JoinFilter) -> bool {
    let read = collect_columns(expr);
    let reads = |side: JoinSide| {
        let mut columns =
            read.iter().filter_map(|column| filter.column_indices().get(column.index()));
        columns.any(|column| column.side == side)
    };
    reads(JoinSide::Left) && reads(JoinSide::Right)
}
