//! What is decided about a call before it runs: agreement of reference systems and the result.

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use godwit_geometry::{Crs, Edges, Geometry, GeometryError, GeometryType, common_crs};

use crate::arguments::is_text;
use crate::function::{CrsRule, Overload, Type};
use crate::literal::{geojson_crs, read_geometry_text, read_hex, srid_crs};

/// A call as the planner sees it: fields, and values where they are literals.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    /// The name of the function, for messages.
    pub(crate) function: &'a str,
    /// The fields of the arguments.
    pub(crate) fields: &'a [FieldRef],
    /// The values of arguments that are literals.
    pub(crate) literals: &'a [Option<&'a ScalarValue>],
}

impl Planned<'_> {
    /// Returns how many arguments the call has.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Returns the type of a geometry argument, if anything is known about it.
    pub(crate) fn geometry(&self, index: usize) -> Result<Option<GeometryType>, GeometryError> {
        let Some(field) = self.fields.get(index) else {
            return Ok(None);
        };
        if is_text(field.data_type()) {
            let Some(text) = self.text(index) else {
                return Ok(None);
            };
            let (_, crs) = read_geometry_text(text)?;
            return Ok(Some(GeometryType::new(crs)));
        }
        GeometryType::from_field(field)
    }

    /// Returns the reference system of a geometry argument, if it is known.
    pub(crate) fn crs(&self, index: usize) -> Result<Option<Crs>, GeometryError> {
        Ok(self.geometry(index)?.and_then(|geometry| geometry.crs))
    }

    /// Returns the reference system a literal argument names by SRID or by text.
    pub(crate) fn named_crs(&self, index: usize) -> Result<Option<Crs>, GeometryError> {
        if let Some(text) = self.text(index) {
            return Crs::parse(text).map(Some);
        }
        let Some(srid) = self.integer(index) else {
            return Ok(None);
        };
        let srid = i32::try_from(srid).map_err(|_error| GeometryError::UnknownCrs {
            crs: srid.to_string(),
            reason: "an SRID has at most 31 bits".to_owned(),
        })?;
        Ok(srid_crs(srid))
    }

    /// Returns the text of a literal argument.
    pub(crate) fn text(&self, index: usize) -> Option<&str> {
        self.literals.get(index).copied().flatten()?.try_as_str().flatten()
    }

    /// Returns the bytes of a literal argument.
    pub(crate) fn bytes(&self, index: usize) -> Option<&[u8]> {
        match self.literals.get(index).copied().flatten()? {
            ScalarValue::Binary(value)
            | ScalarValue::LargeBinary(value)
            | ScalarValue::BinaryView(value)
            | ScalarValue::FixedSizeBinary(_, value) => value.as_deref(),
            _ => None,
        }
    }

    /// Returns the truth value of a literal argument.
    pub(crate) fn boolean(&self, index: usize) -> Option<bool> {
        match self.literals.get(index).copied().flatten()? {
            ScalarValue::Boolean(value) => *value,
            _ => None,
        }
    }

    fn integer(&self, index: usize) -> Option<i64> {
        let value = self.literals.get(index).copied().flatten()?;
        match value.cast_to(&DataType::Int64).ok()? {
            ScalarValue::Int64(value) => value,
            _ => None,
        }
    }

    fn is_literal(&self, index: usize) -> bool {
        self.literals.get(index).copied().flatten().is_some()
    }
}

/// Returns the field of the result, after everything about the call was checked.
pub(crate) fn return_field(
    overload: &Overload,
    planned: &Planned<'_>,
) -> Result<Field, GeometryError> {
    check_literals(overload, planned)?;
    let inherited = agreed_crs(overload, planned)?;
    (overload.check)(planned)?;
    let field = Field::new(planned.function, result_type(overload, planned), true);
    if overload.returns != Type::Geometry {
        return Ok(field);
    }
    let crs = match overload.crs {
        CrsRule::Argument(index) if index < planned.len() => planned.named_crs(index)?,
        CrsRule::Inherit | CrsRule::Argument(_) => inherited,
        CrsRule::Text(index) | CrsRule::Hex(index) | CrsRule::Bytes(index)
            if index < planned.len() =>
        {
            planned.named_crs(index)?
        }
        CrsRule::Text(_) => match planned.text(0) {
            Some(text) => read_geometry_text(text)?.1,
            None => None,
        },
        CrsRule::Hex(_) => match planned.text(0) {
            Some(text) => crs_of_wkb(&read_hex(text.trim())?)?,
            None => None,
        },
        CrsRule::Bytes(_) => match planned.bytes(0) {
            Some(bytes) => crs_of_wkb(bytes)?,
            None => None,
        },
        CrsRule::GeoJson => planned
            .text(0)
            .and_then(geojson_crs)
            .map_or_else(|| Ok(Crs::wgs84()), |name| Crs::parse(&name))
            .map(Some)?,
        CrsRule::Wgs84 => Some(Crs::wgs84()),
    };
    let edges = match overload.passes {
        Some(index) => planned.geometry(index)?.map_or(Edges::Planar, |geometry| geometry.edges),
        None => Edges::Planar,
    };
    Ok(GeometryType { crs, edges }.annotate(field))
}

fn crs_of_wkb(bytes: &[u8]) -> Result<Option<Crs>, GeometryError> {
    Ok(Geometry::try_new(bytes)?.srid().and_then(srid_crs))
}

/// Checks that what the plan depends on is written in the query.
fn check_literals(overload: &Overload, planned: &Planned<'_>) -> Result<(), GeometryError> {
    for (index, (argument, field)) in overload.arguments.iter().zip(planned.fields).enumerate() {
        if planned.is_literal(index) || field.data_type().is_null() {
            continue;
        }
        let reason = if argument.kind == Type::Geometry && is_text(field.data_type()) {
            format!(
                "argument \"{}\" of \"{}\" is text where a geometry is expected; \
                 wrap it in ST_GeomFromText",
                argument.name, planned.function
            )
        } else if argument.literal {
            format!("argument \"{}\" of \"{}\" must be a literal", argument.name, planned.function)
        } else {
            continue;
        };
        return Err(GeometryError::InvalidArgument { reason });
    }
    Ok(())
}

/// Returns the reference system all geometry arguments share.
fn agreed_crs(overload: &Overload, planned: &Planned<'_>) -> Result<Option<Crs>, GeometryError> {
    let mut agreed: Option<Crs> = None;
    for (index, argument) in overload.arguments.iter().enumerate().take(planned.len()) {
        if argument.kind == Type::Geometry {
            agreed = common_crs(agreed.as_ref(), planned.crs(index)?.as_ref())?;
        }
    }
    Ok(agreed)
}

fn result_type(overload: &Overload, planned: &Planned<'_>) -> DataType {
    match overload.returns {
        Type::Geometry | Type::GeometryList | Type::Binary => passed_storage(overload, planned),
        Type::Float64 => DataType::Float64,
        Type::Int64 => DataType::Int64,
        Type::Int32 => DataType::Int32,
        Type::Text => DataType::Utf8,
        Type::Boolean => DataType::Boolean,
        Type::Int64List => DataType::new_list(DataType::Int64, true),
        Type::TextList => DataType::new_list(DataType::Utf8, true),
    }
}

fn passed_storage(overload: &Overload, planned: &Planned<'_>) -> DataType {
    let field = overload.passes.and_then(|index| planned.fields.get(index));
    match field.map(|field| field.data_type()) {
        Some(storage @ (DataType::LargeBinary | DataType::BinaryView)) => storage.clone(),
        _ => DataType::Binary,
    }
}
