//! Conversions and comparisons whose types mean something else in SQL than to the engine below: a
//! number becomes the integer next to it, a text the bytes that it spells, and intervals are compared
//! by how long they are.

use arrow::datatypes::{DataType, IntervalUnit};
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::{Between, Case, Cast, InList, ScalarFunction, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, Operator, cast, lit,
};
use godwit_geometry::is_geometry;

use super::doubles::{self, Doubles};
use super::mismatches;
use super::typed::geometry_literal;
use crate::functions::{BESIDE, bytes_of_text, interval_length, nearest_integer};
use crate::sql::rewrite::interval_amounts;

/// Returns the plan with such conversions and comparisons written out.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        if !is_concerned(&plan)? {
            return Ok(Transformed::no(plan));
        }
        let schema = merge_schema(&plan.inputs());
        let names = NamePreserver::new(&plan);
        let doubles = Doubles::given_to(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let rewritten = expr.transform_up(|expr| {
                mismatches::refuse(&expr, &schema)?;
                Ok(converted(expr, &schema, &doubles))
            })?;
            Ok(rewritten.update_data(|expr| name.restore(expr)))
        })
    })?;
    Ok(rewritten.data)
}

/// Returns whether an expression of a plan casts to an integer, compares, or chooses.
fn is_concerned(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(match expr {
                Expr::Cast(cast) => cast.field.data_type().is_integer(),
                Expr::TryCast(cast) => cast.field.data_type().is_integer(),
                Expr::BinaryExpr(binary) => {
                    is_comparison(binary.op) || binary.op == Operator::StringConcat
                }
                Expr::Between(_) | Expr::InList(_) | Expr::Like(_) | Expr::Case(_) => true,
                Expr::ScalarFunction(call) => {
                    [BESIDE, "nullif"].contains(&call.name()) || doubles::is_to_integers(call)
                }
                _ => false,
            })
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

fn converted(expr: Expr, schema: &DFSchema, doubles: &Doubles) -> Transformed<Expr> {
    match expr {
        Expr::ScalarFunction(call) if call.name() == BESIDE => beside(call, schema),
        Expr::ScalarFunction(call) if doubles::is_to_integers(&call) => {
            doubles::to_even(call, schema, doubles)
        }
        Expr::Cast(Cast { expr, field }) if field.data_type().is_integer() => {
            let from = expr.get_type(schema).ok().filter(has_fractions);
            let (expr, has_changed) = match from {
                Some(from) => {
                    let is_double = doubles.is_double(&expr, schema);
                    (Box::new(nearest(*expr, &from, is_double)), true)
                }
                None => (expr, false),
            };
            Transformed::new_transformed(Expr::Cast(Cast { expr, field }), has_changed)
        }
        Expr::TryCast(TryCast { expr, field }) if field.data_type().is_integer() => {
            let from = expr.get_type(schema).ok().filter(has_fractions);
            let (expr, has_changed) = match from {
                Some(from) => {
                    let is_double = doubles.is_double(&expr, schema);
                    (Box::new(nearest(*expr, &from, is_double)), true)
                }
                None => (expr, false),
            };
            Transformed::new_transformed(Expr::TryCast(TryCast { expr, field }), has_changed)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if is_comparison(op) && are_intervals(&[&left, &right], schema) =>
        {
            let (left, right) = (Box::new(length(*left)), Box::new(length(*right)));
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right }))
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if is_comparison(op) && spell_bytes(&[&left, &right], schema) =>
        {
            let (left, right) = (Box::new(spelled(*left)), Box::new(spelled(*right)));
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right }))
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if is_comparison(op)
                && let Some(decimal) = mixed(&[&left, &right], schema) =>
        {
            let [left, right] = alike([*left, *right], &decimal, schema).map(Box::new);
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right }))
        }
        Expr::Between(Between { expr, negated, low, high })
            if let Some(decimal) = mixed(&[&expr, &low, &high], schema) =>
        {
            let [expr, low, high] = alike([*expr, *low, *high], &decimal, schema).map(Box::new);
            Transformed::yes(Expr::Between(Between { expr, negated, low, high }))
        }
        Expr::InList(list) => alike_in(list, schema),
        Expr::Between(Between { expr, negated, low, high })
            if are_intervals(&[&expr, &low, &high], schema) =>
        {
            let [expr, low, high] = [expr, low, high].map(|of| Box::new(length(*of)));
            Transformed::yes(Expr::Between(Between { expr, negated, low, high }))
        }
        Expr::ScalarFunction(call)
            if call.name() == "nullif"
                && matches!(call.args.as_slice(), [left, right] if are_intervals(&[left, right], schema)) =>
        {
            Transformed::yes(without_equal(call))
        }
        Expr::Case(Case { expr: Some(of), when_then_expr, else_expr })
            if is_interval(&of, schema) =>
        {
            let whens = when_then_expr.into_iter();
            let whens = whens.map(|(when, then)| (Box::new(length(*when)), then)).collect();
            let of = Some(Box::new(length(*of)));
            Transformed::yes(Expr::Case(Case { expr: of, when_then_expr: whens, else_expr }))
        }
        other => Transformed::no(other),
    }
}

/// Returns a list of values with values and expression of one type that compares as they do.
fn alike_in(list: InList, schema: &DFSchema) -> Transformed<Expr> {
    let InList { expr, list, negated } = list;
    let all: Vec<&Expr> = std::iter::once(expr.as_ref()).chain(&list).collect();
    if spell_bytes(&all, schema) {
        let (expr, list) = (Box::new(spelled(*expr)), list.into_iter().map(spelled));
        return Transformed::yes(Expr::InList(InList::new(expr, list.collect(), negated)));
    }
    if are_intervals(&all, schema) {
        let (expr, list) = (Box::new(length(*expr)), list.into_iter().map(length));
        return Transformed::yes(Expr::InList(InList::new(expr, list.collect(), negated)));
    }
    let Some(decimal) = mixed(&all, schema) else {
        return Transformed::no(Expr::InList(InList { expr, list, negated }));
    };
    let mut values = list;
    values.insert(0, *expr);
    let mut list = numbers_alike(values, &decimal, schema);
    let expr = Box::new(list.remove(0));
    Transformed::yes(Expr::InList(InList { expr, list, negated }))
}

/// Returns what `nullif` of two intervals is: the first if it is not as long as the second.
fn without_equal(call: ScalarFunction) -> Expr {
    let [left, right] = call.args.as_slice() else { return Expr::ScalarFunction(call) };
    let (longer, of) = (Box::new(length(left.clone())), Box::new(length(right.clone())));
    let differs = Expr::BinaryExpr(BinaryExpr::new(longer, Operator::IsDistinctFrom, of));
    Expr::Case(Case {
        expr: None,
        when_then_expr: vec![(Box::new(differs), Box::new(left.clone()))],
        else_expr: None,
    })
}

fn is_interval(expr: &Expr, schema: &DFSchema) -> bool {
    expr.get_type(schema).is_ok_and(|of| matches!(of, DataType::Interval(_)))
}

/// Returns a text beside other values, as a number or a geometry if these are such.
fn beside(call: ScalarFunction, schema: &DFSchema) -> Transformed<Expr> {
    let Some(text) = call.args.first().cloned() else {
        return Transformed::no(Expr::ScalarFunction(call));
    };
    Transformed::yes(match Expr::ScalarFunction(call).to_field(schema) {
        Ok((_, field)) if field.data_type().is_numeric() => cast(text, field.data_type().clone()),
        // What is wrong with a text is said where the results are compared.
        Ok((_, field)) if is_geometry(&field) => {
            geometry_literal(&text).ok().flatten().unwrap_or(text)
        }
        _ => text,
    })
}

/// Returns whether values are bytes but for texts as written, which spell such.
fn spell_bytes(exprs: &[&Expr], schema: &DFSchema) -> bool {
    let is_text =
        |expr: &&&Expr| matches!(expr, Expr::Literal(value, _) if value.data_type().is_string());
    let (texts, others): (Vec<_>, Vec<_>) = exprs.iter().partition(is_text);
    let are_bytes = |expr: &&&Expr| {
        expr.to_field(schema)
            .is_ok_and(|(_, field)| is_bytes(field.data_type()) && !is_geometry(&field))
    };
    !texts.is_empty() && !others.is_empty() && others.iter().all(are_bytes)
}

fn is_bytes(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
}

/// Returns the bytes that a text spells; other values are such.
fn spelled(expr: Expr) -> Expr {
    match expr {
        Expr::Literal(value, metadata) if value.data_type().is_string() => {
            bytes_of_text().call(vec![Expr::Literal(value, metadata)])
        }
        bytes => bytes,
    }
}

/// Returns the decimal among numbers that are compared with doubles.
fn mixed(exprs: &[&Expr], schema: &DFSchema) -> Option<DataType> {
    let types = exprs.iter().map(|expr| expr.get_type(schema).ok());
    let types: Vec<DataType> = types.collect::<Option<_>>()?;
    let is_number = |data_type: &DataType| data_type.is_numeric() || data_type.is_null();
    if !types.iter().all(is_number) || !types.iter().any(DataType::is_floating) {
        return None;
    }
    types.into_iter().find(DataType::is_decimal)
}

fn alike<const COUNT: usize>(
    exprs: [Expr; COUNT],
    decimal: &DataType,
    schema: &DFSchema,
) -> [Expr; COUNT] {
    let fallback = exprs.clone();
    numbers_alike(exprs.into(), decimal, schema).try_into().unwrap_or(fallback)
}

/// Returns numbers as decimals if all that are not decimals are literals that are such exactly, and
/// otherwise as doubles. The engine below takes doubles for decimals, which most are not.
fn numbers_alike(exprs: Vec<Expr>, decimal: &DataType, schema: &DFSchema) -> Vec<Expr> {
    let written = exprs.iter().map(|expr| match expr.get_type(schema) {
        Ok(data_type) if data_type.is_floating() => exactly(expr, decimal),
        _ => Some(expr.clone()),
    });
    if let Some(written) = written.collect::<Option<Vec<_>>>() {
        return written;
    }
    exprs.into_iter().map(|expr| cast(expr, DataType::Float64)).collect()
}

/// Returns a literal as a decimal of a type, if it has no more digits than that.
fn exactly(expr: &Expr, decimal: &DataType) -> Option<Expr> {
    let (negative, literal) = match expr {
        Expr::Negative(inner) => (true, inner.as_ref()),
        other => (false, other),
    };
    let Expr::Literal(ScalarValue::Float64(Some(value)), _) = literal else { return None };
    let value = if negative { -value } else { *value };
    let DataType::Decimal128(precision, scale) = decimal else { return None };
    let text = value.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let room = usize::from(*precision).checked_sub(usize::try_from(*scale).ok()?)?;
    if !value.is_finite() || whole.len() > room || fraction.len() > usize::try_from(*scale).ok()? {
        return None;
    }
    let value = ScalarValue::try_from_string(value.to_string(), decimal).ok()?;
    Some(Expr::Literal(value, None))
}

/// Returns whether an operator compares two values.
pub(super) fn is_comparison(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom
    )
}

/// Returns whether values are intervals, texts of such or what lies between moments, and at least
/// one is an interval.
fn are_intervals(exprs: &[&Expr], schema: &DFSchema) -> bool {
    let types: Vec<_> = exprs.iter().filter_map(|expr| expr.get_type(schema).ok()).collect();
    let is_one = |data_type: &DataType| matches!(data_type, DataType::Interval(_));
    types.len() == exprs.len()
        && types.iter().any(is_one)
        && types.iter().all(|data_type| {
            is_one(data_type)
                || matches!(data_type, DataType::Duration(_) | DataType::Null)
                || data_type.is_string()
        })
}

/// Returns how long an interval is.
pub(super) fn length(expr: Expr) -> Expr {
    interval_length().call(vec![interval(expr)])
}

/// Returns a value as an interval, a text by what it spells.
pub(super) fn interval(expr: Expr) -> Expr {
    let spelled = match &expr {
        Expr::Literal(value, _) => value.try_as_str().flatten().and_then(interval_amounts),
        _ => None,
    };
    cast(spelled.map_or(expr, lit), DataType::Interval(IntervalUnit::MonthDayNano))
}

/// Returns a value of one type as one of another, numbers as the integers next to them, and texts
/// as the bytes that they spell.
pub(crate) fn cast_to(value: Expr, from: &DataType, to: DataType) -> Expr {
    if from.is_string() && is_bytes(&to) {
        return cast(bytes_of_text().call(vec![value]), to);
    }
    if to.is_integer() && has_fractions(from) {
        let is_double = matches!(&value, Expr::Column(column) if column.relation.is_some())
            || matches!(&value, Expr::Cast(cast) if cast.field.data_type().is_floating());
        return cast(nearest(value, from, is_double), to);
    }
    cast(value, to)
}

fn has_fractions(data_type: &DataType) -> bool {
    let is_decimal =
        matches!(data_type, DataType::Decimal128(_, 1..) | DataType::Decimal256(_, 1..));
    data_type.is_floating() || is_decimal
}

/// Returns the integer next to a number. Of two that are equally near it is the one farther from
/// zero, as for `numeric`, but the even one where `PostgreSQL` would know the number as a double.
fn nearest(number: Expr, from: &DataType, is_double: bool) -> Expr {
    match from {
        DataType::Decimal128(precision, _) => cast(number, DataType::Decimal128(*precision, 0)),
        DataType::Decimal256(precision, _) => cast(number, DataType::Decimal256(*precision, 0)),
        _ => nearest_integer(is_double).call(vec![number]),
    }
}
