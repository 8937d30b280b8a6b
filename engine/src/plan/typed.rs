//! What expressions over geometries mean once their types are known.
//!
//! `geom::text` is the hexadecimal EWKB, also as a part of a longer text. `ORDER BY geom` follows a
//! Hilbert curve, that of intervals is by their lengths, and conditional expressions keep the
//! reference system, which the planner below drops, or that they are JSON.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::metadata::FieldMetadata;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::expr::{Cast, ScalarFunction, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    Expr, ExprSchemable as _, LogicalPlan, ScalarUDF, SortExpr, Subquery,
};
use godwit_geometry::{Crs, GeometryType, common_crs, is_geometry};
use godwit_udfs::{as_json, box_dimensions, boxed_like, is_json, literal_integers};

use super::{constants, conversions, union_geometries};
use crate::error::external;
use crate::functions::{
    AsGeometry, BOX_3D_TEXT, BOX_TEXT, HilbertKey, IsoText, geometry_from_text, text_of_value,
};

/// The functions that return one of their arguments.
pub(super) const CHOICES: [&str; 6] = ["coalesce", "nullif", "nvl", "ifnull", "greatest", "least"];

/// The functions that make a text of values of any type.
const WRITERS: [&str; 3] = ["concat", "concat_ws", "format"];

/// Returns the plan with these expressions as they are meant.
pub(super) fn rewrite(plan: LogicalPlan, functions: &SessionState) -> Result<LogicalPlan> {
    let mut has_changed = false;
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        let schema = merge_schema(&plan.inputs());
        let names = NamePreserver::new(&plan);
        let mut plan = plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let rewritten = expr.transform_up(|expr| typed(expr, &schema, functions))?;
            Ok(rewritten.update_data(|expr| name.restore(expr)))
        })?;
        if let LogicalPlan::Union(union) = &plan.data
            && let Some(union) = union_geometries::typed(union)?
        {
            plan = Transformed::yes(LogicalPlan::Union(union));
        }
        if let LogicalPlan::Sort(sort) = &mut plan.data {
            let exprs = std::mem::take(&mut sort.expr);
            let count = exprs.len();
            sort.expr = exprs.into_iter().flat_map(|key| order(key, &schema)).collect();
            plan.transformed |= sort.expr.len() != count;
        }
        has_changed |= plan.transformed;
        if has_changed {
            plan.data = plan.data.recompute_schema()?;
        }
        Ok(plan)
    })?;
    Ok(rewritten.data)
}

fn typed(expr: Expr, schema: &DFSchema, functions: &SessionState) -> Result<Transformed<Expr>> {
    match expr {
        Expr::Cast(cast) if cast.field.data_type().is_temporal() => {
            let text = iso_text(&cast.expr, cast.field.data_type(), false, schema)?;
            Ok(match text {
                Some(text) => Transformed::yes(Expr::Cast(Cast { expr: Box::new(text), ..cast })),
                None => Transformed::no(Expr::Cast(cast)),
            })
        }
        Expr::TryCast(cast) => {
            let text = iso_text(&cast.expr, cast.field.data_type(), true, schema)?;
            Ok(match text {
                Some(text) => {
                    Transformed::yes(Expr::TryCast(TryCast { expr: Box::new(text), ..cast }))
                }
                None => Transformed::no(Expr::TryCast(cast)),
            })
        }
        Expr::Cast(cast) => Ok(written(cast, schema, functions)),
        Expr::Case(mut case) => {
            let whens = case.when_then_expr.iter_mut().map(|(_, then)| then);
            let mut branches: Vec<&mut Expr> =
                whens.chain(case.else_expr.as_mut()).map(AsMut::as_mut).collect();
            match agreed(&mut branches, schema)? {
                Some(geometry) => Ok(Transformed::yes(as_geometry(Expr::Case(case), &geometry))),
                None if is_json_choice(&branches, schema) => {
                    Ok(Transformed::yes(as_json_text(Expr::Case(case))))
                }
                None => Ok(Transformed::no(Expr::Case(case))),
            }
        }
        Expr::ScalarFunction(call)
            if !literal_integers(call.name()).is_empty()
                || constants::names_system(call.name()) =>
        {
            constants::fold(call, schema)
        }
        Expr::ScalarFunction(mut call) if CHOICES.contains(&call.name()) => {
            let mut branches: Vec<&mut Expr> = call.args.iter_mut().collect();
            match agreed(&mut branches, schema)? {
                Some(geometry) => {
                    Ok(Transformed::yes(as_geometry(Expr::ScalarFunction(call), &geometry)))
                }
                None if is_json_choice(&branches, schema) => {
                    Ok(Transformed::yes(as_json_text(Expr::ScalarFunction(call))))
                }
                None => Ok(Transformed::no(Expr::ScalarFunction(call))),
            }
        }
        Expr::ScalarFunction(call) if WRITERS.contains(&call.name()) => {
            Ok(with_parts_of_text(call, schema, functions))
        }
        Expr::ScalarSubquery(subquery) => like_only_value(subquery),
        // With DISTINCT the keys are the arguments, and no more.
        Expr::AggregateFunction(mut call) if !call.params.distinct => {
            let keys = std::mem::take(&mut call.params.order_by);
            let count = keys.len();
            call.params.order_by = keys.into_iter().flat_map(|key| order(key, schema)).collect();
            let has_changed = call.params.order_by.len() != count;
            let expr = Expr::AggregateFunction(call);
            Ok(if has_changed { Transformed::yes(expr) } else { Transformed::no(expr) })
        }
        other => Ok(Transformed::no(other)),
    }
}

/// Returns a subquery of one value that knows what the value is.
fn like_only_value(subquery: Subquery) -> Result<Transformed<Expr>> {
    let field = subquery.subquery.schema().fields().first().cloned();
    if field.as_ref().is_some_and(|field| is_json(field)) {
        return Ok(Transformed::yes(as_json_text(Expr::ScalarSubquery(subquery))));
    }
    let expr = Expr::ScalarSubquery(subquery);
    if let Some(DataType::List(item)) = field.as_ref().map(|field| field.data_type())
        && !item.metadata().is_empty()
    {
        return Ok(Transformed::yes(like_field(expr, item)));
    }
    let Some(field) = field.filter(|field| is_geometry(field)) else {
        return Ok(Transformed::no(expr));
    };
    match GeometryType::from_field(&field).map_err(external)? {
        Some(geometry) => {
            let like = boxed_like(&field, geometry.field("", true));
            Ok(Transformed::yes(like_field(expr, &like)))
        }
        None => Ok(Transformed::no(expr)),
    }
}

/// Returns a cast of a geometry, a box or bytes to text or bytes as the function that writes it.
fn written(cast: Cast, schema: &DFSchema, functions: &SessionState) -> Transformed<Expr> {
    let Some(field) = geometry_field(&cast.expr, schema) else {
        return hexadecimal(cast, schema);
    };
    let writer = match (cast.field.data_type(), box_dimensions(&field)) {
        (data_type, Some(2)) if data_type.is_string() => BOX_TEXT,
        (data_type, Some(_)) if data_type.is_string() => BOX_3D_TEXT,
        (data_type, None) if data_type.is_string() => "st_ashexewkb",
        (DataType::Binary, _) if !is_geometry(&cast.field) => "st_asewkb",
        _ => return Transformed::no(Expr::Cast(cast)),
    };
    match functions.scalar_functions().get(writer) {
        Some(function) => Transformed::yes(function.call(vec![*cast.expr])),
        None => Transformed::no(Expr::Cast(cast)),
    }
}

/// Returns a call that writes its arguments into a text.
fn with_parts_of_text(
    mut call: ScalarFunction,
    schema: &DFSchema,
    functions: &SessionState,
) -> Transformed<Expr> {
    let mut has_changed = false;
    for value in &mut call.args {
        let part = part_of_text(std::mem::take(value), schema, functions);
        has_changed |= part.transformed;
        *value = part.data;
    }
    Transformed::new_transformed(Expr::ScalarFunction(call), has_changed)
}

/// Returns a geometry, a box, bytes or a record as the text that a cast makes of it, and what has a
/// text of its own as it is.
fn part_of_text(value: Expr, schema: &DFSchema, functions: &SessionState) -> Transformed<Expr> {
    let is_cast =
        value.get_type(schema).is_ok_and(|of| of.is_binary() || matches!(of, DataType::Struct(_)));
    if !is_cast {
        return Transformed::no(value);
    }
    let cast = Cast::new(Box::new(value), DataType::Utf8);
    Transformed::yes(written(cast, schema, functions).data)
}

/// Returns a cast of bytes to text as one of their hexadecimal digits.
fn hexadecimal(cast: Cast, schema: &DFSchema) -> Transformed<Expr> {
    let are_bytes = cast.field.data_type().is_string()
        && cast.expr.get_type(schema).is_ok_and(|from| from.is_binary());
    if !are_bytes {
        return Transformed::no(Expr::Cast(cast));
    }
    let expr = Box::new(text_of_value().call(vec![*cast.expr]));
    Transformed::yes(Expr::Cast(Cast { expr, ..cast }))
}

/// Returns a text that a cast reads as a date or a time in the form that it reads, none when the
/// expression is no text.
fn iso_text(
    expr: &Expr,
    data_type: &DataType,
    is_try: bool,
    schema: &DFSchema,
) -> Result<Option<Expr>> {
    let is_text = expr.get_type(schema).is_ok_and(|found| found.is_string());
    if is_text { IsoText::read(expr, data_type, is_try) } else { Ok(None) }
}

/// Returns the type that the geometries among the branches share, none when there are none. Text
/// literals beside geometries become geometries.
fn agreed(branches: &mut [&mut Expr], schema: &DFSchema) -> Result<Option<GeometryType>> {
    if !branches.iter().any(|branch| geometry_field(branch, schema).is_some()) {
        return Ok(None);
    }
    let mut agreed = GeometryType::default();
    for branch in branches {
        if let Some(literal) = geometry_literal(branch)? {
            **branch = literal;
        }
        let Some(field) = geometry_field(branch, schema) else { continue };
        let Some(geometry) = GeometryType::from_field(&field).map_err(external)? else { continue };
        agreed.crs = common_crs(agreed.crs.as_ref(), geometry.crs.as_ref()).map_err(external)?;
        agreed.edges = geometry.edges;
    }
    Ok(Some(agreed))
}

/// Returns whether there is JSON among the branches, and nothing else but literals.
fn is_json_choice(branches: &[&mut Expr], schema: &DFSchema) -> bool {
    let is_json = |expr: &Expr| expr.to_field(schema).is_ok_and(|(_, field)| is_json(&field));
    let is_text = |value: &ScalarValue| value.is_null() || value.data_type().is_string();
    branches.iter().any(|branch| is_json(branch))
        && branches.iter().all(|branch| match &**branch {
            Expr::Literal(value, _) => is_text(value),
            other => is_json(other),
        })
}

/// Returns the expression as one whose texts are JSON.
fn as_json_text(expr: Expr) -> Expr {
    let field = as_json(Field::new("", DataType::Utf8View, true));
    let like = Expr::Literal(ScalarValue::Utf8View(None), Some(FieldMetadata::from(&field)));
    let function = Arc::new(ScalarUDF::from(AsGeometry::new()));
    Expr::ScalarFunction(ScalarFunction::new_udf(function, vec![expr, like]))
}

/// Returns the field of an expression that is a geometry. No operator of the query engine makes
/// one, and the type of a chain of them takes as long as the chain.
pub(super) fn geometry_field(expr: &Expr, schema: &DFSchema) -> Option<FieldRef> {
    if matches!(expr, Expr::BinaryExpr(_)) {
        return None;
    }
    let (_, field) = expr.to_field(schema).ok()?;
    is_geometry(&field).then_some(field)
}

/// Returns a text literal as the geometry it spells.
pub(super) fn geometry_literal(expr: &Expr) -> Result<Option<Expr>> {
    let Expr::Literal(value, _) = expr else { return Ok(None) };
    let Some(Some(text)) = value.try_as_str() else { return Ok(None) };
    let (wkb, srid) = geometry_from_text(text).map_err(external)?;
    let crs = srid.filter(|srid| *srid > 0).map(Crs::from_epsg);
    let field = GeometryType::new(crs).field("", false);
    Ok(Some(Expr::Literal(ScalarValue::Binary(Some(wkb)), Some(FieldMetadata::from(&field)))))
}

/// Returns the expression with the type of a geometry.
pub(super) fn as_geometry(expr: Expr, geometry: &GeometryType) -> Expr {
    like_field(expr, &geometry.field("", true))
}

/// Returns the expression with what a field says of geometries.
fn like_field(expr: Expr, field: &Field) -> Expr {
    let like = Expr::Literal(ScalarValue::Binary(None), Some(FieldMetadata::from(field)));
    let function = Arc::new(ScalarUDF::from(AsGeometry::new()));
    Expr::ScalarFunction(ScalarFunction::new_udf(function, vec![expr, like]))
}

/// Returns the keys that sort by a key: geometries by their place on a Hilbert curve, and intervals
/// by how long they are.
fn order(key: SortExpr, schema: &DFSchema) -> Vec<SortExpr> {
    if key.expr.get_type(schema).is_ok_and(|of| matches!(of, DataType::Interval(_))) {
        let length = conversions::length(key.expr.clone());
        return vec![SortExpr::new(length, key.asc, key.nulls_first), key];
    }
    if geometry_field(&key.expr, schema).is_none() {
        return vec![key];
    }
    let nulls = SortExpr::new(key.expr.clone().is_null(), !key.nulls_first, false);
    let place = ScalarUDF::from(HilbertKey::new()).call(vec![key.expr.clone()]);
    vec![nulls, SortExpr::new(place, key.asc, key.nulls_first), key]
}
