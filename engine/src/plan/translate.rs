//! The query engine's own way from a syntax tree to a logical plan, and which of two functions of
//! one name is meant.
//!
//! `ST_Collect(x)` is an aggregate of geometries, and a function of one array. The engine below
//! knows functions by their names alone, so the rewrites name the aggregate; if it turns out to be
//! given arrays, the query is planned again with the function in its place. In a condition on rows
//! no aggregate may be, so there it is the function.

use std::collections::BTreeSet;

use arrow::datatypes::FieldRef;
use datafusion::common::Result;
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::planner::ContextProvider as _;
use datafusion::sql::planner::{ParserOptions, PlannerContext, SqlToRel};
use sqlparser::ast::{Query, Statement as SqlStatement};

use super::context::PlanContext;
use super::probes::{Probes, Stand};
use crate::sql::rewrite;

/// Plans a query with the parameter types that are known.
pub(super) fn translate(
    query: Query,
    context: &PlanContext,
    parameters: Vec<Option<FieldRef>>,
) -> Result<LogicalPlan> {
    if !rewrite::has_twin_calls(&query) {
        return as_written(query, context, parameters);
    }
    let mut in_conditions = query.clone();
    if rewrite::as_functions_in_conditions(&mut in_conditions)
        && let Ok(plan) = with_aggregates(in_conditions, context, parameters.clone())
    {
        return Ok(plan);
    }
    with_aggregates(query, context, parameters)
}

/// Plans a query with aggregates, or functions of arrays where such are given.
fn with_aggregates(
    query: Query,
    context: &PlanContext,
    parameters: Vec<Option<FieldRef>>,
) -> Result<LogicalPlan> {
    let plan = as_written(query.clone(), context, parameters.clone());
    if plan.is_ok() {
        return plan;
    }
    match without_aggregates_of_arrays(query, context, &parameters) {
        Some(query) => as_written(query, context, parameters),
        None => plan,
    }
}

fn as_written(
    query: Query,
    context: &PlanContext,
    parameters: Vec<Option<FieldRef>>,
) -> Result<LogicalPlan> {
    let options = ParserOptions::from(&context.options().sql_parser);
    let mut planner_context = PlannerContext::new().with_prepare_param_data_types(parameters);
    let statement = SqlStatement::Query(Box::new(query));
    SqlToRel::new_with_options(context, options)
        .sql_statement_to_plan_with_context(statement, &mut planner_context)
}

/// Returns the query with a function of one array in the place of each aggregate that is given
/// arrays; nothing if there is none.
fn without_aggregates_of_arrays(
    mut query: Query,
    context: &PlanContext,
    parameters: &[Option<FieldRef>],
) -> Option<Query> {
    let mut has_changed = false;
    loop {
        let mut calls = given_arrays(&query, context, parameters, Stand::Aggregate);
        if calls.is_empty() {
            // No type is asked for where no aggregate may be, as in a condition.
            calls = given_arrays(&query, context, parameters, Stand::Scalar);
        }
        if calls.is_empty() {
            return has_changed.then_some(query);
        }
        let mut call = 0;
        rewrite::for_twin_calls(&mut query, |name| {
            if calls.contains(&call)
                && let Some(function) = godwit_udfs::scalar_twin(&name.value)
            {
                function.clone_into(&mut name.value);
            }
            call += 1;
        });
        has_changed = true;
    }
}

/// Returns which of the aggregates that have a function of one array as a twin are given arrays,
/// as far as the planner comes.
fn given_arrays(
    query: &Query,
    context: &PlanContext,
    parameters: &[Option<FieldRef>],
    stand: Stand,
) -> BTreeSet<usize> {
    let mut probes = Probes::default();
    let mut query = query.clone();
    let mut call = 0;
    rewrite::for_twin_calls(&mut query, |name| {
        if let Some(function) = context.get_aggregate_meta(&name.value) {
            name.value = probes.add(stand, call, function);
        }
        call += 1;
    });
    let context = context.with_probes(probes);
    // Whether there is a plan does not matter, only what was asked for on the way.
    drop(as_written(query, &context, parameters.to_vec()));
    context.probes.found()
}
