//! Brings bound values to the types of parameters.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast_with_options;
use arrow::datatypes::{
    DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Field, FieldRef, Schema,
};
use datafusion::common::ScalarValue;
use datafusion::common::format::DEFAULT_CAST_OPTIONS;
use godwit_geometry::{Crs, Geometry, GeometryType, WkbColumn, is_geometry, to_iso};

use super::nested_text::from_texts;
use crate::Value;
use crate::error::{Code, Error};
use crate::functions::{GeometryTarget, geometry_from_text};
use crate::prepared::Parameter;
use crate::sql_type_name;

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
    let (own, told) = (column.data_type(), &parameter.data_type);
    !parameter.is_inferred
        && (may_differ(own, told) || is_of_another_kind(own, told))
        && cast_column(parameter, column).is_ok_and(|cast| cast.data_type() != &parameter.data_type)
}

fn cast_column(parameter: &Parameter, column: &ArrayRef) -> Result<ArrayRef, Error> {
    let plain = plain(column.data_type()).map(|plain| arrow::compute::cast(column, &plain));
    let plain = plain.transpose()?;
    let column = plain.as_ref().unwrap_or(column);
    let spells_nested = parameter.data_type.is_nested() && is_text(column.data_type());
    if parameter.is_inferred && !spells_nested {
        // A text stands for a value of the type that is guessed, if it spells one.
        let read = spells_other(parameter, column.data_type())
            .then(|| cast_with_options(column, &parameter.data_type, &DEFAULT_CAST_OPTIONS).ok());
        return Ok(read.flatten().unwrap_or_else(|| Arc::clone(column)));
    }
    if is_geometry(&parameter.field) && (is_text(column.data_type()) || is_bytes(column)) {
        let taken = GeometryTarget::of(&parameter.field)?.taken(column)?;
        return Ok(arrow::compute::cast(&taken, &parameter.data_type)?);
    }
    if column.data_type() == &parameter.data_type {
        return Ok(Arc::clone(column));
    }
    if spells_nested {
        return from_texts(column, &parameter.data_type).map_err(|error| {
            unfit(parameter, column.data_type())
                .with_hint("Write it as JSON: [1, 2] or {\"name\": \"x\"}.")
                .with_source(error)
        });
    }
    if is_of_another_kind(column.data_type(), &parameter.data_type) {
        return Ok(Arc::clone(column));
    }
    let cast = cast_with_options(column, &parameter.data_type, &DEFAULT_CAST_OPTIONS);
    if !may_differ(column.data_type(), &parameter.data_type) {
        return cast.map_err(|error| unfit(parameter, column.data_type()).with_source(error));
    }
    // `id < $1` with 1.7 is not `id < 1`.
    Ok(cast.ok().filter(|cast| is_same(column, cast)).unwrap_or_else(|| Arc::clone(column)))
}

/// Returns whether values are texts where others are wanted.
fn spells_other(parameter: &Parameter, data_type: &DataType) -> bool {
    is_text(data_type) && !parameter.data_type.is_string()
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
/// column it is compared with does not ask for, or a span of time, which becomes none.
fn may_differ(from: &DataType, to: &DataType) -> bool {
    let are_floats = from.is_floating() && to.is_floating();
    let are_numbers = from.is_numeric() && to.is_numeric();
    let is_moment = |data_type: &DataType| {
        matches!(data_type, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..))
    };
    let is_span = matches!(from, DataType::Interval(_) | DataType::Duration(_));
    are_numbers && !are_floats || (is_moment(from) || is_span) && is_moment(to)
}

/// Returns whether values are of a kind that only their storage has in common with a type, as days
/// and numbers: `day - $1` with 5 is five days earlier, and 5 is no moment. What is written in their
/// place is not taken for the other either.
fn is_of_another_kind(from: &DataType, to: &DataType) -> bool {
    let are_bytes = matches!(
        to,
        DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    );
    from.is_temporal() && to.is_numeric()
        || from.is_numeric() && to.is_temporal()
        || (from.is_temporal() || from.is_numeric()) && are_bytes
}

/// Returns whether values are the same after a cast, which gives them back then.
fn is_same(column: &ArrayRef, cast: &ArrayRef) -> bool {
    cast_with_options(cast, column.data_type(), &DEFAULT_CAST_OPTIONS)
        .is_ok_and(|back| back.as_ref() == column.as_ref())
}

/// Returns the type that values are taken in, if it is not their own: that of the values of a
/// dictionary, and one without a scale for decimals whose scale is negative. Casts and comparisons
/// of the engine below divide by zero over such scales.
fn plain(data_type: &DataType) -> Option<DataType> {
    if let DataType::Dictionary(_, values) = data_type {
        return Some(plain(values).unwrap_or_else(|| values.as_ref().clone()));
    }
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
    let given = value.data_type();
    if parameter.is_inferred && !spells_other(parameter, &given) && plain(&given).is_none() {
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
