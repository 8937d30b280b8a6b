//! Calls of the functions that the planner knows, in logical expressions.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use godwit_geometry::Relation;
use godwit_geometry::geodesic::Figure;

/// Returns the arguments of a call of a function.
pub(crate) fn arguments_of<'a>(expr: &'a Expr, function: &str) -> Option<&'a [Expr]> {
    match expr {
        Expr::ScalarFunction(call) if call.func.name() == function => Some(&call.args),
        _ => None,
    }
}

/// A distance between two geometries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Distance<'a> {
    pub(crate) between: [&'a Expr; 2],
    /// The figure of the earth that was chosen, which only geographies lie on.
    pub(crate) chosen: Option<Figure>,
}

impl<'a> Distance<'a> {
    /// Returns the distance that an expression is.
    pub(crate) fn of(expr: &'a Expr) -> Option<Self> {
        let (between, chosen) = match arguments_of(expr, Relation::DISTANCE_FUNCTION)? {
            [one, other] => ([one, other], None),
            [one, other, use_spheroid] => match literal(use_spheroid)? {
                ScalarValue::Boolean(Some(true)) => ([one, other], Some(Figure::Spheroid)),
                ScalarValue::Boolean(Some(false)) => ([one, other], Some(Figure::Sphere)),
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { between, chosen })
    }

    /// Returns the figure of the earth that geographies are measured on.
    pub(crate) fn figure(self) -> Figure {
        self.chosen.unwrap_or(Figure::Spheroid)
    }
}

/// Returns whether an expression is the distance between two geometries, in either order, which is
/// measured on a figure of the earth if they are geographies.
pub(crate) fn is_distance(expr: &Expr, one: &Expr, other: &Expr, figure: Figure) -> bool {
    let Some(distance) = Distance::of(expr) else { return false };
    let [a, b] = distance.between;
    let is_between = (a == one && b == other) || (a == other && b == one);
    is_between && distance.figure() == figure
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
