//! Geometries in the branches of a union: they are in one reference system, and texts and NULLs beside
//! them are geometries, too. Of two types, the engine below keeps what they have in common.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection, Union};
use godwit_geometry::{GeometryType, common_crs, is_geometry};
use godwit_udfs::box_dimensions;

use super::typed::{as_geometry, geometry_literal};
use crate::error::external;

/// Returns the union with one type in each column of geometries; nothing if it is so already.
pub(super) fn typed(union: &Union) -> Result<Option<Union>> {
    let is_spatial = |index: &usize| {
        let mut fields =
            union.inputs.iter().filter_map(|input| input.schema().fields().get(*index));
        fields.any(|field| is_geometry(field))
    };
    let spatial: Vec<usize> = (0..union.schema.fields().len()).filter(is_spatial).collect();
    if spatial.is_empty() {
        return Ok(None);
    }
    let mut has_changed = false;
    let mut inputs = Vec::with_capacity(union.inputs.len());
    for input in &union.inputs {
        let spelled = with_literals(input, &spatial)?;
        has_changed |= spelled.is_some();
        inputs.push(spelled.unwrap_or_else(|| Arc::clone(input)));
    }
    let mut shared = Vec::with_capacity(spatial.len());
    for index in spatial {
        let Some(geometry) = shared_type(&inputs, index)? else { continue };
        let known = GeometryType::from_field(union.schema.field(index)).map_err(external)?;
        has_changed |= known.as_ref() != Some(&geometry);
        shared.push((index, geometry));
    }
    for input in &mut inputs {
        if let Some(typed) = with_types(input, &shared)? {
            *input = typed;
            has_changed = true;
        }
    }
    has_changed.then(|| Union::try_new_with_loose_types(inputs)).transpose()
}

/// Returns a branch with the text literals in columns of geometries as such, if there are any.
fn with_literals(input: &Arc<LogicalPlan>, spatial: &[usize]) -> Result<Option<Arc<LogicalPlan>>> {
    let LogicalPlan::Projection(projection) = input.as_ref() else { return Ok(None) };
    let mut exprs = projection.expr.clone();
    let mut has_changed = false;
    for index in spatial {
        let Some(expr) = exprs.get_mut(*index) else { continue };
        let name = expr.schema_name().to_string();
        if let Some(literal) = geometry_literal(&expr.clone().unalias())? {
            *expr = literal.alias(name);
            has_changed = true;
        }
    }
    if !has_changed {
        return Ok(None);
    }
    let projection = Projection::try_new(exprs, Arc::clone(&projection.input))?;
    Ok(Some(Arc::new(LogicalPlan::Projection(projection))))
}

/// Returns the type that a column of geometries has in all branches; nothing for boxes, and for
/// geometries beside geographies.
fn shared_type(inputs: &[Arc<LogicalPlan>], index: usize) -> Result<Option<GeometryType>> {
    let mut shared: Option<GeometryType> = None;
    for input in inputs {
        let field = input.schema().field(index);
        let Some(geometry) = GeometryType::from_field(field).map_err(external)? else { continue };
        if box_dimensions(field).is_some() {
            return Ok(None);
        }
        shared = Some(match shared {
            None => geometry,
            Some(known) if known.edges != geometry.edges => return Ok(None),
            Some(known) => {
                let crs = common_crs(known.crs.as_ref(), geometry.crs.as_ref());
                GeometryType { crs: crs.map_err(external)?, edges: known.edges }
            }
        });
    }
    Ok(shared)
}

/// Returns a branch whose columns of geometries have these types; nothing if they have them already.
fn with_types(
    input: &Arc<LogicalPlan>,
    shared: &[(usize, GeometryType)],
) -> Result<Option<Arc<LogicalPlan>>> {
    let (mut exprs, below) = match input.as_ref() {
        LogicalPlan::Projection(projection) => {
            (projection.expr.clone(), Arc::clone(&projection.input))
        }
        other => {
            let columns = other.schema().columns().into_iter().map(Expr::Column);
            (columns.collect(), Arc::clone(input))
        }
    };
    let mut has_changed = false;
    for (index, geometry) in shared {
        let field = input.schema().field(*index);
        let Some(expr) = exprs.get_mut(*index) else { continue };
        let is_unknown = *field.data_type() == DataType::Null;
        let known = GeometryType::from_field(field).map_err(external)?;
        // What a parameter without a type is bound to is not known yet.
        let is_bound = is_unknown && matches!(expr.clone().unalias(), Expr::Placeholder(_));
        let is_other = known.is_some_and(|known| known != *geometry);
        if is_bound || !is_other && !is_unknown {
            continue;
        }
        *expr = as_geometry(expr.clone().unalias(), geometry).alias(field.name());
        has_changed = true;
    }
    if !has_changed {
        return Ok(None);
    }
    let projection = Projection::try_new(exprs, below)?;
    Ok(Some(Arc::new(LogicalPlan::Projection(projection))))
}
