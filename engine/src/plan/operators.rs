//! Operators of `PostGIS` on geometries, planned as the functions of the same meaning.

use std::sync::Arc;

use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::planner::{
    ExprPlanner, PlannerResult, RawBinaryExpr, RawFieldAccessExpr,
};
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable as _, GetFieldAccess, Operator, ScalarUDF, lit,
};
use godwit_geometry::{Edges, GeometryType, common_crs};
use sqlparser::ast::BinaryOperator;

use super::typed::{geometry_field, geometry_literal};
use crate::error::external;
use crate::functions::{GeometryArray, HilbertKey, array_element};

/// Plans operators and array literals over geometries.
#[derive(Debug)]
pub(crate) struct GeoOperators {
    functions: Vec<(&'static str, Arc<ScalarUDF>)>,
}

/// Each operator and the function it stands for.
const FUNCTIONS: [(&str, &str); 17] = [
    ("&&", "st_intersects_extent"),
    ("&&&", "geometry_overlaps_nd"),
    ("~=", "geometry_same"),
    ("~", "geometry_contains"),
    ("@", "geometry_within"),
    ("<<", "geometry_left"),
    (">>", "geometry_right"),
    ("&<", "geometry_overleft"),
    ("&>", "geometry_overright"),
    ("<<|", "geometry_below"),
    ("|>>", "geometry_above"),
    ("&<|", "geometry_overbelow"),
    ("|&>", "geometry_overabove"),
    ("<->", "st_distance"),
    ("<<->>", "st_3ddistance"),
    ("<#>", "geometry_distance_box"),
    ("|=|", "st_distancecpa"),
];

impl GeoOperators {
    /// Returns the planner with the functions of the operators.
    pub(crate) fn new(functions: &[Arc<ScalarUDF>]) -> Self {
        let find = |name: &str| {
            let named = |function: &&Arc<ScalarUDF>| {
                function.name() == name || function.aliases().iter().any(|alias| alias == name)
            };
            functions.iter().find(named).cloned()
        };
        let known = FUNCTIONS.into_iter();
        let functions = known.filter_map(|(operator, name)| Some((operator, find(name)?)));
        Self { functions: functions.collect() }
    }

    fn function(&self, operator: &str) -> Option<&Arc<ScalarUDF>> {
        self.functions.iter().find(|(known, _)| *known == operator).map(|(_, function)| function)
    }
}

impl ExprPlanner for GeoOperators {
    /// Takes an item of a list by the function that keeps its reference system, also of what
    /// `array_agg` collects; the planner below takes `nth_value` for that, which forgets `DISTINCT`.
    fn plan_field_access(
        &self,
        expr: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        let is_list = expr.expr.get_type(schema).is_ok_and(|data_type| data_type.is_list());
        Ok(match expr {
            RawFieldAccessExpr { field_access: GetFieldAccess::ListIndex { key }, expr }
                if is_list =>
            {
                PlannerResult::Planned(array_element().call(vec![expr, *key]))
            }
            other => PlannerResult::Original(other),
        })
    }

    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        let operator = match &expr.op {
            BinaryOperator::Custom(name) => name.clone(),
            other => other.to_string(),
        };
        // An operator between two literals means geometries only where it means nothing else.
        let is_own = matches!(expr.op, BinaryOperator::Custom(_) | BinaryOperator::PGOverlap);
        let is_geometry = |expr: &Expr| geometry_field(expr, schema).is_some();
        let has_geometry = is_geometry(&expr.left) || is_geometry(&expr.right);
        if !has_geometry && !is_own {
            return Ok(PlannerResult::Original(expr));
        }
        if let Some(function) = self.function(&operator) {
            let mut operands = vec![
                operand(expr.left, &operator, schema)?,
                operand(expr.right, &operator, schema)?,
            ];
            // Between geographies it is the distance on the sphere.
            if operator == "<->" && operands.iter().all(|operand| is_geography(operand, schema)) {
                operands.push(lit(false));
            }
            return Ok(PlannerResult::Planned(function.call(operands)));
        }
        if let Some(comparison) = compared(&expr.op)
            && has_geometry
        {
            let left = operand(expr.left, &operator, schema)?;
            let right = operand(expr.right, &operator, schema)?;
            check_systems(&left, &right, schema)?;
            return Ok(PlannerResult::Planned(compare(&left, comparison, &right)));
        }
        if is_own && operator != ":" {
            return plan_err!("the operator {operator} is not supported");
        }
        Ok(PlannerResult::Original(expr))
    }

    fn plan_array_literal(
        &self,
        exprs: Vec<Expr>,
        schema: &DFSchema,
    ) -> Result<PlannerResult<Vec<Expr>>> {
        if !exprs.iter().any(|expr| geometry_field(expr, schema).is_some()) {
            return Ok(PlannerResult::Original(exprs));
        }
        let mut items = Vec::with_capacity(exprs.len());
        for expr in exprs {
            items.push(geometry_literal(&expr)?.unwrap_or(expr));
        }
        Ok(PlannerResult::Planned(ScalarUDF::from(GeometryArray::new()).call(items)))
    }
}

/// Returns an operand, a text literal as the geometry it spells.
fn operand(expr: Expr, operator: &str, schema: &DFSchema) -> Result<Expr> {
    if let Some(literal) = geometry_literal(&expr)? {
        return Ok(literal);
    }
    if matches!(expr, Expr::Placeholder(_)) {
        return Ok(expr);
    }
    let data_type = expr.get_type(schema)?;
    if data_type.is_binary() || data_type.is_null() {
        return Ok(expr);
    }
    plan_err!("the operator {operator} needs geometries, not a value of type {data_type}")
}

fn is_geography(expr: &Expr, schema: &DFSchema) -> bool {
    let field = geometry_field(expr, schema);
    field.is_some_and(|field| GeometryType::edges_of(&field) == Some(Edges::Spherical))
}

/// Refuses to compare geometries of different reference systems.
fn check_systems(left: &Expr, right: &Expr, schema: &DFSchema) -> Result<()> {
    let mut systems = Vec::with_capacity(2);
    for operand in [left, right] {
        let Some(field) = geometry_field(operand, schema) else { return Ok(()) };
        let geometry = GeometryType::from_field(&field).map_err(external)?;
        systems.push(geometry.and_then(|geometry| geometry.crs));
    }
    let (left, right) = (systems.first(), systems.last());
    common_crs(left.and_then(Option::as_ref), right.and_then(Option::as_ref)).map_err(external)?;
    Ok(())
}

fn compared(operator: &BinaryOperator) -> Option<Operator> {
    Some(match operator {
        BinaryOperator::Eq => Operator::Eq,
        BinaryOperator::NotEq => Operator::NotEq,
        BinaryOperator::Lt => Operator::Lt,
        BinaryOperator::LtEq => Operator::LtEq,
        BinaryOperator::Gt => Operator::Gt,
        BinaryOperator::GtEq => Operator::GtEq,
        _ => return None,
    })
}

/// Returns a comparison: equality of bytes, and the order of `ORDER BY` else.
fn compare(left: &Expr, operator: Operator, right: &Expr) -> Expr {
    let binary = |left: &Expr, operator: Operator, right: &Expr| {
        let (left, right) = (Box::new(left.clone()), Box::new(right.clone()));
        Expr::BinaryExpr(BinaryExpr::new(left, operator, right))
    };
    if matches!(operator, Operator::Eq | Operator::NotEq) {
        return binary(left, operator, right);
    }
    let strict = match operator {
        Operator::LtEq => Operator::Lt,
        Operator::GtEq => Operator::Gt,
        other => other,
    };
    let key = |expr: &Expr| ScalarUDF::from(HilbertKey::new()).call(vec![expr.clone()]);
    let (left_key, right_key) = (key(left), key(right));
    let before = binary(&left_key, strict, &right_key);
    let same_place = binary(&left_key, Operator::Eq, &right_key);
    before.or(same_place.and(binary(left, operator, right)))
}
