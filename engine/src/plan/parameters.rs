//! Finds the type of each parameter, and brings bound values to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast_with_options;
use arrow::datatypes::{
    DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Field, FieldRef, Schema,
};
use datafusion::common::format::DEFAULT_CAST_OPTIONS;
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result as PlanResult, ScalarValue};
use datafusion::logical_expr::expr::{Placeholder, ScalarFunction};
use datafusion::logical_expr::type_coercion::functions::fields_with_udf;
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan};
use godwit_geometry::{Crs, Edges, Geometry, GeometryType, WkbColumn, is_geometry, to_iso};

use super::nested_text::from_texts;
use crate::Value;
use crate::error::{Code, Error};
use crate::functions::{GeometryTarget, geometry_from_text, is_json_cast};
use crate::prepared::Parameter;
use crate::sql::rewrite::{GEOGRAPHY_CAST, GEOMETRY_CAST};
use crate::sql_type_name;

/// The types tried, in this order, for an argument of a function that takes several.
const CANDIDATES: [DataType; 5] =
    [DataType::Utf8, DataType::Float64, DataType::Int64, DataType::Boolean, DataType::Binary];

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
        plan.apply_with_subqueries(|node| {
            let schema = input_schema(node);
            let is_limit = matches!(node, LogicalPlan::Limit(_));
            node.apply_expressions(|expr| {
                if is_limit && let Expr::Placeholder(placeholder) = expr {
                    found.note(placeholder, field(DataType::Int64));
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

/// Returns one value for each parameter, cast to the parameter's type. A value that would be another
/// one then keeps its type, and so does that of a parameter whose type is a guess.
pub(crate) fn cast_values(
    parameters: &[Parameter],
    values: Vec<Value>,
) -> Result<Vec<Value>, Error> {
    if parameters.len() != values.len() {
        return Err(Error::new(
            Code::InvalidParameter,
            format!(
                "the statement needs {} parameters, {} were bound",
                parameters.len(),
                values.len()
            ),
        ));
    }
    parameters.iter().zip(values).map(|(parameter, value)| cast(parameter, value)).collect()
}

/// Returns columns of values, one for each parameter and named like it, cast to its type.
pub(crate) fn cast_columns(
    parameters: &[Parameter],
    columns: &[ArrayRef],
) -> Result<RecordBatch, Error> {
    let mut fields: Vec<FieldRef> = Vec::with_capacity(parameters.len());
    let mut cast = Vec::with_capacity(parameters.len());
    for ((index, parameter), column) in parameters.iter().enumerate().zip(columns) {
        let column = cast_column(parameter, column)?;
        let field = if column.data_type() == parameter.field.data_type() {
            parameter.field.as_ref().clone()
        } else {
            Field::new("", column.data_type().clone(), true)
        };
        fields.push(Arc::new(field.with_name(format!("${}", index + 1))));
        cast.push(column);
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), cast)?)
}

/// Returns whether a column keeps its type because one of its values would be another in that of
/// the parameter.
pub(crate) fn keeps_type(parameter: &Parameter, column: &ArrayRef) -> bool {
    !parameter.is_inferred
        && may_differ(column.data_type(), &parameter.data_type)
        && cast_column(parameter, column).is_ok_and(|cast| cast.data_type() != &parameter.data_type)
}

fn cast_column(parameter: &Parameter, column: &ArrayRef) -> Result<ArrayRef, Error> {
    let whole = whole(column.data_type()).map(|whole| arrow::compute::cast(column, &whole));
    let whole = whole.transpose()?;
    let column = whole.as_ref().unwrap_or(column);
    if parameter.is_inferred {
        return Ok(Arc::clone(column));
    }
    if is_geometry(&parameter.field) && (is_text(column.data_type()) || is_bytes(column)) {
        let column = match column.data_type() {
            DataType::Dictionary(_, values) => &arrow::compute::cast(column, values)?,
            _ => column,
        };
        let taken = GeometryTarget::of(&parameter.field)?.taken(column)?;
        return Ok(arrow::compute::cast(&taken, &parameter.data_type)?);
    }
    if column.data_type() == &parameter.data_type {
        return Ok(Arc::clone(column));
    }
    if parameter.data_type.is_nested() && is_text(column.data_type()) {
        return from_texts(column, &parameter.data_type).map_err(|error| {
            unfit(parameter, column.data_type())
                .with_hint("Write it as JSON: [1, 2] or {\"name\": \"x\"}.")
                .with_source(error)
        });
    }
    let cast = cast_with_options(column, &parameter.data_type, &DEFAULT_CAST_OPTIONS);
    if !may_differ(column.data_type(), &parameter.data_type) {
        return cast.map_err(|error| unfit(parameter, column.data_type()).with_source(error));
    }
    // `id < $1` with 1.7 is not `id < 1`.
    Ok(cast.ok().filter(|cast| is_same(column, cast)).unwrap_or_else(|| Arc::clone(column)))
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        other => other.is_string(),
    }
}

fn is_bytes(column: &ArrayRef) -> bool {
    WkbColumn::try_new(column.as_ref()).is_some()
}

/// Returns whether a number or moment may be another one when it is cast, which the type of the
/// column it is compared with does not ask for.
fn may_differ(from: &DataType, to: &DataType) -> bool {
    let are_floats = from.is_floating() && to.is_floating();
    let are_numbers = from.is_numeric() && to.is_numeric();
    let is_moment = |data_type: &DataType| {
        matches!(data_type, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..))
    };
    are_numbers && !are_floats || is_moment(from) && is_moment(to)
}

/// Returns whether values are the same after a cast, which gives them back then.
fn is_same(column: &ArrayRef, cast: &ArrayRef) -> bool {
    cast_with_options(cast, column.data_type(), &DEFAULT_CAST_OPTIONS)
        .is_ok_and(|back| back.as_ref() == column.as_ref())
}

/// Returns the type without a scale for decimals whose scale is negative; nothing for other types.
/// Casts and comparisons of the engine below divide by zero over such scales.
fn whole(data_type: &DataType) -> Option<DataType> {
    let (DataType::Decimal128(digits, scale) | DataType::Decimal256(digits, scale)) = data_type
    else {
        return None;
    };
    let digits = digits.saturating_add(scale.is_negative().then(|| scale.unsigned_abs())?);
    Some(if digits <= DECIMAL128_MAX_PRECISION {
        DataType::Decimal128(digits, 0)
    } else {
        DataType::Decimal256(digits.min(DECIMAL256_MAX_PRECISION), 0)
    })
}

fn unfit(parameter: &Parameter, found: &DataType) -> Error {
    let found = sql_type_name(&Field::new("", found.clone(), true));
    let (name, wanted) = (&parameter.name, sql_type_name(&parameter.field));
    Error::new(
        Code::InvalidText,
        format!("parameter {name} is of type {found}, and no value of type {wanted}"),
    )
}

fn cast(parameter: &Parameter, value: Value) -> Result<Value, Error> {
    if parameter.is_inferred && whole(&value.data_type()).is_none() {
        return Ok(value);
    }
    if with_own_system(parameter, &value)?.is_some() {
        return Ok(value);
    }
    let column = cast_column(parameter, &value.to_array()?)?;
    Ok(ScalarValue::try_from_array(&column, 0)?)
}

/// Returns the geometry that a text or bytes hold and its field, if they name another reference
/// system than the parameter is known to have.
pub(crate) fn with_own_system(
    parameter: &Parameter,
    value: &Value,
) -> Result<Option<(Value, FieldRef)>, Error> {
    let Some(geometry) = GeometryType::from_field(&parameter.field)? else { return Ok(None) };
    let (wkb, srid) = match value {
        ScalarValue::Binary(Some(bytes))
        | ScalarValue::LargeBinary(Some(bytes))
        | ScalarValue::BinaryView(Some(bytes)) => {
            let geometry = Geometry::try_any(bytes)?;
            (to_iso(geometry).into_owned(), geometry.srid())
        }
        value => match value.try_as_str() {
            Some(Some(text)) => geometry_from_text(text)?,
            _ => return Ok(None),
        },
    };
    let crs = srid.filter(|srid| *srid > 0).map(Crs::from_epsg);
    if crs.is_none() || crs == geometry.crs {
        return Ok(None);
    }
    let field = GeometryType { crs, ..geometry }.field(&parameter.name, true);
    Ok(Some((ScalarValue::Binary(Some(wkb)), Arc::new(field))))
}

#[derive(Debug, Default)]
struct Found {
    fields: BTreeMap<usize, FieldRef>,
}

impl Found {
    fn parameter(&self, index: usize, name: &str) -> Parameter {
        let known = self.fields.get(&index);
        let data_type = known.map_or(DataType::Utf8, |field| bindable(field.data_type()));
        let metadata = known.map(|field| field.metadata().clone()).unwrap_or_default();
        let field = Field::new(name, data_type.clone(), true).with_metadata(metadata);
        Parameter {
            name: name.to_owned(),
            data_type,
            field: Arc::new(field),
            is_inferred: known.is_none(),
        }
    }

    fn note(&mut self, placeholder: &Placeholder, field: FieldRef) {
        let number: Option<usize> =
            placeholder.id.strip_prefix('$').and_then(|number| number.parse().ok());
        if let Some(index) = number.and_then(|number| number.checked_sub(1))
            && *field.data_type() != DataType::Null
        {
            self.fields.entry(index).or_insert(field);
        }
    }

    fn look(&mut self, expr: &Expr, schema: &DFSchema) {
        match expr {
            Expr::Placeholder(placeholder) => {
                if let Some(field) = &placeholder.field {
                    self.note(placeholder, Arc::clone(field));
                }
            }
            Expr::Cast(cast) => {
                if let Expr::Placeholder(placeholder) = cast.expr.as_ref() {
                    self.note(placeholder, Arc::clone(&cast.field));
                }
            }
            Expr::TryCast(cast) => {
                if let Expr::Placeholder(placeholder) = cast.expr.as_ref() {
                    self.note(placeholder, Arc::clone(&cast.field));
                }
            }
            Expr::ScalarFunction(call) => self.look_at_call(call, schema),
            _ => {}
        }
    }

    fn look_at_call(&mut self, call: &ScalarFunction, schema: &DFSchema) {
        for (index, argument) in call.args.iter().enumerate() {
            let Expr::Placeholder(placeholder) = argument else { continue };
            let known =
                documented(call.name(), index).or_else(|| accepted(call, index, schema).map(field));
            if let Some(known) = known {
                self.note(placeholder, known);
            }
        }
    }
}

/// Returns the type our own catalogue of functions gives an argument.
fn documented(name: &str, index: usize) -> Option<FieldRef> {
    if [GEOMETRY_CAST, GEOGRAPHY_CAST].contains(&name) || is_json_cast(name) {
        return (index == 0).then(|| field(DataType::Utf8));
    }
    let info = godwit_udfs::catalogue().iter().find(|info| info.name == name)?;
    let argument = info.arguments.get(index)?;
    let is = |name: &str| argument.type_name.split('|').any(|part| part.trim() == name);
    if is("geometry") {
        let geometry = GeometryType { crs: None, edges: Edges::Planar };
        return Some(Arc::new(geometry.field("", true)));
    }
    [
        ("double", DataType::Float64),
        ("bigint", DataType::Int64),
        ("integer", DataType::Int32),
        ("text", DataType::Utf8),
        ("boolean", DataType::Boolean),
        ("binary", DataType::Binary),
    ]
    .into_iter()
    .find(|(name, _)| is(name))
    .map(|(_, data_type)| field(data_type))
}

/// Returns the first type that a function takes as it is in this place, with the other arguments
/// being what they are.
fn accepted(call: &ScalarFunction, index: usize, schema: &DFSchema) -> Option<DataType> {
    let types: PlanResult<Vec<DataType>> =
        call.args.iter().map(|argument| argument.get_type(schema)).collect();
    let types = types.ok()?;
    CANDIDATES.into_iter().find(|candidate| {
        let mut tried: Vec<FieldRef> = types.iter().cloned().map(field).collect();
        if let Some(place) = tried.get_mut(index) {
            *place = field(candidate.clone());
        }
        fields_with_udf(&tried, call.func.as_ref()).is_ok_and(|coerced| {
            coerced.get(index).is_some_and(|field| field.data_type() == candidate)
        })
    })
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
