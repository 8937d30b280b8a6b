//! Calls of the functions that the planner knows, in logical expressions.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use godwit_geometry::Relation;

/// Returns the arguments of a call of a function.
pub(crate) fn arguments_of<'a>(expr: &'a Expr, function: &str) -> Option<&'a [Expr]> {
    match expr {
        Expr::ScalarFunction(call) if call.func.name() == function => Some(&call.args),
        _ => None,
    }
}

/// Returns whether an expression is the distance between two geometries, in either order.
pub(crate) fn is_distance(expr: &Expr, one: &Expr, other: &Expr) -> bool {
    match arguments_of(expr, Relation::DISTANCE_FUNCTION) {
        Some([a, b]) => (a == one && b == other) || (a == other && b == one),
        _ => false,
    }
}

/// Returns the value of a literal, also one that is cast.
pub(crate) fn literal(expr: &Expr) -> Option<ScalarValue> {
    match expr {
        Expr::Literal(value, _) => Some(value.clone()),
        Expr::Cast(cast) => literal(&cast.expr)?.cast_to(cast.field.data_type()).ok(),
        Expr::Alias(alias) => literal(&alias.expr),
        _ => None,
    }
}
