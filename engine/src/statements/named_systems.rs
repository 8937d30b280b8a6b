//! Texts and bytes that name a reference system, on their way into a column of geometries.
//!
//! The type of a result is known before any row is, so what reads EWKT and EWKB takes the system that
//! a literal names, and knows none of those that the values of rows name. They must be that of the
//! column.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use datafusion::common::DFSchema;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    Expr, ExprSchemable as _, Filter, Limit, LogicalPlan, Projection, ScalarUDF, Sort,
    SubqueryAlias, Union, lit,
};
use godwit_geometry::{Edges, GeometryType, is_geometry};
use godwit_udfs::names_reference_system;

use crate::error::Error;
use crate::functions::OwnSystem;
use crate::sql::rewrite::{GEOGRAPHY_CAST, GEOMETRY_CAST};

/// Returns the plan of rows for a table, each column of which comes from its place in the plan, so
/// that what the values name is looked at.
pub(super) fn checked(
    plan: LogicalPlan,
    places: &[Option<usize>],
    schema: &Schema,
) -> Result<LogicalPlan, Error> {
    let mut targets = BTreeMap::new();
    for (place, field) in places.iter().zip(schema.fields()) {
        let Some(position) = *place else { continue };
        let Some(geometry) = GeometryType::from_field(field)? else { continue };
        // A system of no number is not one that values name.
        let srid = geometry.crs.map_or(Some(0), |crs| crs.srid());
        if let Some(srid) = srid {
            targets.insert(position, Target { srid, edges: geometry.edges });
        }
    }
    if targets.is_empty() {
        return Ok(plan);
    }
    let changed = in_plan(&plan, &targets)?;
    Ok(changed.unwrap_or(plan))
}

/// What a column takes.
#[derive(Debug, Clone, Copy)]
struct Target {
    srid: i32,
    edges: Edges,
}

/// Returns the plan with a look at the values of these columns; nothing if nothing is to be looked
/// at.
fn in_plan(
    plan: &LogicalPlan,
    targets: &BTreeMap<usize, Target>,
) -> Result<Option<LogicalPlan>, Error> {
    Ok(match plan {
        LogicalPlan::Projection(projection) => in_projection(projection, targets)?,
        LogicalPlan::Sort(sort) => below(&sort.input, targets)?
            .map(|input| LogicalPlan::Sort(Sort { input, ..sort.clone() })),
        LogicalPlan::Limit(limit) => below(&limit.input, targets)?
            .map(|input| LogicalPlan::Limit(Limit { input, ..limit.clone() })),
        LogicalPlan::Filter(filter) => match below(&filter.input, targets)? {
            Some(input) => {
                Some(LogicalPlan::Filter(Filter::try_new(filter.predicate.clone(), input)?))
            }
            None => None,
        },
        LogicalPlan::SubqueryAlias(named) => match below(&named.input, targets)? {
            Some(input) => {
                let named = SubqueryAlias::try_new(input, named.alias.clone())?;
                Some(LogicalPlan::SubqueryAlias(named))
            }
            None => None,
        },
        LogicalPlan::Union(union) => {
            let mut inputs = union.inputs.clone();
            let mut has_changed = false;
            for input in &mut inputs {
                if let Some(changed) = below(input, targets)? {
                    *input = changed;
                    has_changed = true;
                }
            }
            if !has_changed {
                return Ok(None);
            }
            Some(LogicalPlan::Union(Union::try_new_with_loose_types(inputs)?))
        }
        _ => None,
    })
}

fn below(
    input: &Arc<LogicalPlan>,
    targets: &BTreeMap<usize, Target>,
) -> Result<Option<Arc<LogicalPlan>>, Error> {
    Ok(in_plan(input, targets)?.map(Arc::new))
}

fn in_projection(
    projection: &Projection,
    targets: &BTreeMap<usize, Target>,
) -> Result<Option<LogicalPlan>, Error> {
    let schema = projection.input.schema();
    let mut exprs = projection.expr.clone();
    let mut has_changed = false;
    let mut passed = BTreeMap::new();
    for (position, target) in targets {
        let Some(expr) = exprs.get_mut(*position) else { continue };
        let name = expr.schema_name().to_string();
        match expr.clone().unalias_nested().data {
            Expr::Column(column) => {
                passed.entry(schema.index_of_column(&column)?).or_insert(*target);
            }
            Expr::ScalarFunction(call) => {
                if let Some(call) = looked_at(call, *target, schema)? {
                    *expr = Expr::ScalarFunction(call).alias(name);
                    has_changed = true;
                }
            }
            _ => {}
        }
    }
    let input = if passed.is_empty() { None } else { below(&projection.input, &passed)? };
    if !has_changed && input.is_none() {
        return Ok(None);
    }
    let input = input.unwrap_or_else(|| Arc::clone(&projection.input));
    Ok(Some(LogicalPlan::Projection(Projection::try_new(exprs, input)?)))
}

/// Returns a call that reads the texts or bytes of rows, after a look at them; nothing for others.
fn looked_at(
    mut call: ScalarFunction,
    target: Target,
    schema: &DFSchema,
) -> Result<Option<ScalarFunction>, Error> {
    let cast = match target.edges {
        Edges::Planar => GEOMETRY_CAST,
        Edges::Spherical => GEOGRAPHY_CAST,
    };
    let is_cast = call.name() == cast;
    if !is_cast && !names_reference_system(call.name()) {
        return Ok(None);
    }
    let (_, result) = Expr::ScalarFunction(call.clone()).to_field(schema)?;
    let known = GeometryType::from_field(&result)?;
    let Some(read) = call.args.first() else { return Ok(None) };
    let (_, field) = read.to_field(schema)?;
    let are_bytes = matches!(
        field.data_type(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView
    );
    let is_read = field.data_type().is_string() || are_bytes && !is_geometry(&field);
    let is_literal = matches!(read, Expr::Literal(..));
    if !is_read || is_literal || known.is_none_or(|known| known.crs.is_some()) {
        return Ok(None);
    }
    // The cast itself refuses other systems than that of its last argument.
    let place = if is_cast { 2 } else { 0 };
    let Some(argument) = call.args.get_mut(place) else { return Ok(None) };
    *argument = if is_cast {
        lit(i64::from(target.srid))
    } else {
        let looked_at = vec![std::mem::take(argument), lit(target.srid)];
        ScalarUDF::from(OwnSystem::new()).call(looked_at)
    };
    Ok(Some(call))
}
