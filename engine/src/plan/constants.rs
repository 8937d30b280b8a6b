//! Arguments that decide the type of a result, such as SRIDs, as the literals they amount to.

use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Cast, Expr, TryCast};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use godwit_geometry::{GeometryError, GeometryType};
use godwit_udfs::literal_integers;

use super::typed::{external, geometry_field};

/// Returns a call with literals for the integers that must be such: what can be computed without a
/// row, and `ST_SRID` of a column, which has one reference system.
pub(super) fn fold(mut call: ScalarFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let mut has_changed = false;
    for place in literal_integers(call.func.name()) {
        let Some(argument) = call.args.get_mut(*place) else { continue };
        if matches!(argument, Expr::Literal(..)) {
            continue;
        }
        let known = match srid(argument, schema)? {
            Some(known) => Some(known),
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
