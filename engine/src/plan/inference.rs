//! Finds the type of each parameter by where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result as PlanResult};
use datafusion::logical_expr::expr::{Placeholder, ScalarFunction};
use datafusion::logical_expr::type_coercion::functions::fields_with_udf;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, Operator, Union,
};
use godwit_geometry::{Edges, GeometryType};

use super::constants::{deciding, parameter_index};
use super::typed::CHOICES;
use crate::error::Error;
use crate::functions::is_json_cast;
use crate::prepared::Parameter;
use crate::sql::rewrite::{GEOGRAPHY_CAST, GEOMETRY_CAST};

/// The types tried, in this order, for an argument of a function that takes several.
const CANDIDATES: [DataType; 6] = [
    DataType::Utf8,
    DataType::Float64,
    DataType::Int64,
    DataType::Boolean,
    DataType::Binary,
    DataType::Timestamp(TimeUnit::Microsecond, None),
];

/// Returns the parameters of the plans of a statement, one for each name, with the types that these
/// determine.
pub(crate) fn infer<'a>(
    plans: impl IntoIterator<Item = &'a LogicalPlan>,
    names: &[String],
) -> Result<Vec<Parameter>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Found::default();
    for plan in plans {
        found.deciding.extend(deciding(plan)?);
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::Union(union) = node {
                found.look_at_union(union);
            }
            let schema = input_schema(node);
            let alone = match node {
                LogicalPlan::Limit(_) => Some(DataType::Int64),
                LogicalPlan::Filter(_) => Some(DataType::Boolean),
                _ => None,
            };
            node.apply_expressions(|expr| {
                if let Some(data_type) = &alone {
                    found.tell(expr, data_type);
                }
                expr.apply(|expr| {
                    found.look(expr, &schema);
                    Ok(TreeNodeRecursion::Continue)
                })
            })
        })?;
    }
    Ok(names.iter().enumerate().map(|(index, name)| found.parameter(index, name)).collect())
}

/// How well the type of a parameter is known.
enum Known {
    /// What is bound is brought to it.
    Told(FieldRef),
    /// A value of another type is taken as it is.
    Guessed(FieldRef),
}

#[derive(Debug, Default)]
struct Found {
    told: BTreeMap<usize, FieldRef>,
    guessed: BTreeMap<usize, FieldRef>,
    /// The parameters whose values decide the type of a result.
    deciding: BTreeSet<usize>,
}

impl Found {
    fn parameter(&self, index: usize, name: &str) -> Parameter {
        let told = self.told.get(&index);
        let known = told.or_else(|| self.guessed.get(&index));
        let data_type = known.map_or(DataType::Utf8, |field| bindable(field.data_type()));
        let metadata = known.map(|field| field.metadata().clone()).unwrap_or_default();
        let field = Field::new(name, data_type.clone(), true).with_metadata(metadata);
        Parameter {
            name: name.to_owned(),
            data_type,
            field: Arc::new(field),
            is_inferred: told.is_none() || self.deciding.contains(&index),
        }
    }

    fn note(&mut self, placeholder: &Placeholder, known: Known) {
        let Some(index) = parameter_index(placeholder) else { return };
        let (fields, field) = match known {
            Known::Told(field) => (&mut self.told, field),
            Known::Guessed(field) => (&mut self.guessed, field),
        };
        if *field.data_type() != DataType::Null {
            fields.entry(index).or_insert(field);
        }
    }

    /// Notes that an expression, if it is a parameter, is of a type.
    fn tell(&mut self, expr: &Expr, data_type: &DataType) {
        if let Expr::Placeholder(placeholder) = expr {
            self.note(placeholder, Known::Told(field(data_type.clone())));
        }
    }

    fn look(&mut self, expr: &Expr, schema: &DFSchema) {
        match expr {
            Expr::Placeholder(placeholder) => {
                if let Some(field) = &placeholder.field {
                    self.note(placeholder, Known::Told(Arc::clone(field)));
                }
            }
            Expr::Cast(cast) => {
                if let Expr::Placeholder(placeholder) = cast.expr.as_ref() {
                    self.note(placeholder, Known::Told(Arc::clone(&cast.field)));
                }
            }
            Expr::TryCast(cast) => {
                if let Expr::Placeholder(placeholder) = cast.expr.as_ref() {
                    self.note(placeholder, Known::Told(Arc::clone(&cast.field)));
                }
            }
            Expr::Not(condition) => self.tell(condition, &DataType::Boolean),
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
                self.tell(left, &DataType::Boolean);
                self.tell(right, &DataType::Boolean);
            }
            Expr::Case(case) if case.expr.is_none() => {
                for (condition, _) in &case.when_then_expr {
                    self.tell(condition, &DataType::Boolean);
                }
            }
            Expr::ScalarFunction(call) => self.look_at_call(call, schema),
            _ => {}
        }
    }

    fn look_at_call(&mut self, call: &ScalarFunction, schema: &DFSchema) {
        for (index, argument) in call.args.iter().enumerate() {
            let Expr::Placeholder(placeholder) = argument else { continue };
            let known = beside(call, index, schema)
                .or_else(|| documented(call.name(), index))
                .or_else(|| accepted(call, index, schema));
            if let Some(known) = known {
                self.note(placeholder, known);
            }
        }
    }

    /// Gives parameters in the branches of a union the types that other branches have.
    fn look_at_union(&mut self, union: &Union) {
        for input in &union.inputs {
            let LogicalPlan::Projection(projection) = input.as_ref() else { continue };
            for (index, expr) in projection.expr.iter().enumerate() {
                let Expr::Placeholder(placeholder) = expr.clone().unalias() else { continue };
                if placeholder.field.is_some() {
                    continue;
                }
                let fields = union.inputs.iter().map(|input| input.schema().fields().get(index));
                let mut known = fields.flatten().filter(|field| !field.data_type().is_null());
                if let Some(field) = known.next() {
                    self.note(&placeholder, Known::Told(Arc::clone(field)));
                }
            }
        }
    }
}

/// Returns the type that the other arguments of a call decide.
fn beside(call: &ScalarFunction, index: usize, schema: &DFSchema) -> Option<Known> {
    let others = call.args.iter().enumerate().filter(|(place, _)| *place != index);
    let fields = others.filter_map(|(_, argument)| argument.to_field(schema).ok());
    let mut known = fields.map(|(_, field)| field).filter(|field| !field.data_type().is_null());
    if CHOICES.contains(&call.name()) || call.name() == "make_array" {
        return known.next().map(Known::Told);
    }
    if call.name() == "array_has" && index == 0 {
        let item = bindable(known.next()?.data_type());
        return Some(Known::Guessed(field(DataType::new_list(item, true))));
    }
    None
}

/// Returns the type our own catalogue of functions gives an argument.
fn documented(name: &str, index: usize) -> Option<Known> {
    if [GEOMETRY_CAST, GEOGRAPHY_CAST].contains(&name) {
        // Bytes are cast as well as texts.
        return (index == 0).then(|| Known::Guessed(field(DataType::Utf8)));
    }
    if is_json_cast(name) {
        return (index == 0).then(|| Known::Told(field(DataType::Utf8)));
    }
    let info = godwit_udfs::catalogue().iter().find(|info| info.name == name)?;
    let argument = info.arguments.get(index)?;
    let types = || argument.type_name.split('|').map(str::trim);
    if types().any(|name| name == "geometry") {
        let geometry = GeometryType { crs: None, edges: Edges::Planar };
        return Some(Known::Told(Arc::new(geometry.field("", true))));
    }
    let known = [
        ("double", DataType::Float64),
        ("bigint", DataType::Int64),
        ("integer", DataType::Int32),
        ("text", DataType::Utf8),
        ("boolean", DataType::Boolean),
        ("binary", DataType::Binary),
    ]
    .into_iter()
    .find(|(known, _)| types().any(|name| name == *known))
    .map(|(_, data_type)| field(data_type))?;
    let is_only = types().count() == 1;
    Some(if is_only { Known::Told(known) } else { Known::Guessed(known) })
}

/// Returns the first type that a function takes as it is in this place, with the other arguments
/// being what they are. It is a guess where the function takes others.
fn accepted(call: &ScalarFunction, index: usize, schema: &DFSchema) -> Option<Known> {
    let types: PlanResult<Vec<DataType>> =
        call.args.iter().map(|argument| argument.get_type(schema)).collect();
    let types = types.ok()?;
    let takes = |candidate: &DataType| {
        let mut tried: Vec<FieldRef> = types.iter().cloned().map(field).collect();
        if let Some(place) = tried.get_mut(index) {
            *place = field(candidate.clone());
        }
        fields_with_udf(&tried, call.func.as_ref()).is_ok_and(|coerced| {
            coerced.get(index).is_some_and(|field| field.data_type() == candidate)
        })
    };
    let mut taken = CANDIDATES.into_iter().filter(takes);
    let first = taken.next()?;
    // Of texts and bytes, texts are meant; a moment may be one with a time zone.
    let is_other = |other: DataType| first != DataType::Utf8 || other != DataType::Binary;
    let is_guess = first.is_temporal() || taken.any(is_other);
    let first = field(first);
    Some(if is_guess { Known::Guessed(first) } else { Known::Told(first) })
}

fn input_schema(node: &LogicalPlan) -> DFSchema {
    let mut merged = DFSchema::empty();
    for input in node.inputs() {
        merged.merge(input.schema());
    }
    merged
}

fn field(data_type: DataType) -> FieldRef {
    Arc::new(Field::new("", data_type, true))
}

/// Returns the type clients can bind for a type of the engine.
fn bindable(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary,
        DataType::Dictionary(_, value) => bindable(value),
        other => other.clone(),
    }
}
