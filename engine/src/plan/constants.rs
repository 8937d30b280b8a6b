//! Arguments that decide the type of a result, such as SRIDs, as the literals they amount to.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::{Placeholder, ScalarFunction};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Cast, Expr, LogicalPlan, TryCast};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use godwit_geometry::{GeometryError, GeometryType};
use godwit_udfs::{literal_integers, names_reference_system};

use super::typed::geometry_field;
use crate::error::external;
use crate::sql::rewrite::{GEOGRAPHY_CAST, GEOMETRY_CAST};

/// Returns a call with literals for the integers that must be such: what can be computed without a
/// row, and `ST_SRID` of a column, which has one reference system.
pub(super) fn fold(mut call: ScalarFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let mut has_changed = fold_value(&mut call, schema);
    for place in literal_integers(call.func.name()) {
        let Some(argument) = call.args.get_mut(*place) else { continue };
        if matches!(argument, Expr::Literal(..)) {
            continue;
        }
        let known = match srid(argument, schema)? {
            Some(known) => Some(known),
            // What is bound to it is a literal then.
            None if has_parameter(argument)? => continue,
            None => computed(argument)?,
        };
        let Some(known) = known else {
            let name = call.func.name();
            let reason = format!(
                "argument {} of \"{name}\" must be a literal, or ST_SRID of a column",
                place + 1
            );
            return Err(external(GeometryError::InvalidArgument { reason }));
        };
        *argument = Expr::Literal(known, None);
        has_changed = true;
    }
    let call = Expr::ScalarFunction(call);
    Ok(if has_changed { Transformed::yes(call) } else { Transformed::no(call) })
}

/// Returns the numbers of the parameters that stand in such places of a plan, from 0: what is bound
/// to them decides the type of a result.
pub(crate) fn deciding(plan: &LogicalPlan) -> Result<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|expr| {
                if let Expr::ScalarFunction(call) = expr {
                    for place in literal_integers(call.func.name()) {
                        let Some(argument) = call.args.get(*place) else { continue };
                        note_parameters(argument, &mut found)?;
                    }
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(found)
}

fn note_parameters(expr: &Expr, found: &mut BTreeSet<usize>) -> Result<()> {
    expr.apply(|expr| {
        if let Expr::Placeholder(placeholder) = expr {
            found.extend(parameter_index(placeholder));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

fn has_parameter(expr: &Expr) -> Result<bool> {
    expr.exists(|expr| Ok(matches!(expr, Expr::Placeholder(_))))
}

/// Returns the number of a parameter, from 0.
pub(super) fn parameter_index(placeholder: &Placeholder) -> Option<usize> {
    let number: usize = placeholder.id.strip_prefix('$')?.parse().ok()?;
    number.checked_sub(1)
}

/// Returns whether the first argument of a function may name the reference system of the result.
pub(super) fn names_system(function: &str) -> bool {
    names_reference_system(function) || [GEOMETRY_CAST, GEOGRAPHY_CAST].contains(&function)
}

/// Puts the literal in the place of a text or of bytes that may name a reference system and can be
/// computed without a row, as `decode('0101..', 'hex')`.
fn fold_value(call: &mut ScalarFunction, schema: &DFSchema) -> bool {
    if !names_system(call.func.name()) {
        return false;
    }
    let Some(argument @ Expr::ScalarFunction(_)) = call.args.first_mut() else { return false };
    if geometry_field(argument, schema).is_some() {
        return false;
    }
    // What fails may never be run.
    match computed(argument) {
        Ok(Some(known)) if is_text_or_bytes(&known.data_type()) => {
            *argument = Expr::Literal(known, None);
            true
        }
        _ => false,
    }
}

fn is_text_or_bytes(data_type: &DataType) -> bool {
    data_type.is_string() || matches!(data_type, DataType::Binary | DataType::BinaryView)
}

/// Returns the SRID that a call of `ST_SRID` gives for all rows.
fn srid(expr: &Expr, schema: &DFSchema) -> Result<Option<ScalarValue>> {
    match expr {
        Expr::Cast(Cast { expr, field }) | Expr::TryCast(TryCast { expr, field })
            if field.data_type().is_integer() =>
        {
            srid(expr, schema)
        }
        Expr::ScalarFunction(call) if call.name() == "st_srid" => {
            let [geometry] = call.args.as_slice() else { return Ok(None) };
            let Some(field) = geometry_field(geometry, schema) else { return Ok(None) };
            let known = GeometryType::from_field(&field).map_err(external)?;
            let crs = known.and_then(|known| known.crs);
            let srid = crs.and_then(|crs| crs.srid()).unwrap_or(0);
            Ok(Some(ScalarValue::Int32(Some(srid))))
        }
        _ => Ok(None),
    }
}

/// Returns the value of an expression that needs no row.
fn computed(expr: &Expr) -> Result<Option<ScalarValue>> {
    if expr.any_column_refs() || expr.is_volatile() {
        return Ok(None);
    }
    let simplifier = ExprSimplifier::new(SimplifyContext::default());
    let schema = DFSchema::empty();
    match simplifier.simplify(simplifier.coerce(expr.clone(), &schema)?)? {
        Expr::Literal(value, _) => Ok(Some(value)),
        _ => Ok(None),
    }
}
