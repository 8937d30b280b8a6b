//! What is decided about a call before it runs: agreement of reference systems and the result.

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use godwit_geometry::{Crs, Edges, Geometry, GeometryError, GeometryType, common_crs, gml};

use crate::arguments::is_text;
use crate::function::{CrsRule, Overload, Type};
use crate::literal::{geojson_crs, read_geometry_text, read_hex, srid_crs};
use crate::result;

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

    /// Returns the reference system of a geography argument, which must be in longitude and
    /// latitude; WGS 84 when none is known.
    pub(crate) fn geographic_crs(&self, index: usize) -> Result<Crs, GeometryError> {
        let crs = self.crs(index)?.unwrap_or_else(Crs::wgs84);
        self.check_geographic(&crs)?;
        Ok(crs)
    }

    /// Checks that a reference system is in longitude and latitude.
    pub(crate) fn check_geographic(&self, crs: &Crs) -> Result<(), GeometryError> {
        if crs.is_geographic() {
            return Ok(());
        }
        Err(GeometryError::InvalidArgument {
            reason: format!(
                "{}: a geography is in longitude and latitude, not in {}; change it with \
                 ST_Transform",
                self.function,
                crs.name()
            ),
        })
    }

    /// Returns the reference system of the items of a list argument, if it is known.
    pub(crate) fn item_crs(&self, index: usize) -> Result<Option<Crs>, GeometryError> {
        match self.fields.get(index).map(|field| field.data_type()) {
            Some(DataType::List(item)) => {
                Ok(GeometryType::from_field(item)?.and_then(|geometry| geometry.crs))
            }
            _ => Ok(None),
        }
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
    if !overload.returns.has_geometry() {
        let storage = passed_storage(overload, planned);
        return Ok(result::field(planned.function, overload.returns, &storage, None));
    }
    let crs = match overload.crs {
        CrsRule::Argument(index) if index < planned.len() => planned.named_crs(index)?,
        CrsRule::Inherit | CrsRule::Argument(_) => inherited,
        CrsRule::First => planned.crs(0)?,
        CrsRule::Text(index)
        | CrsRule::Hex(index)
        | CrsRule::Bytes(index)
        | CrsRule::Attempt(index)
        | CrsRule::Gml(index)
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
        CrsRule::Attempt(_) => match (planned.text(0), planned.bytes(0)) {
            (Some(text), _) => read_geometry_text(text).ok().and_then(|(_, crs)| crs),
            (None, Some(bytes)) => crs_of_wkb(bytes).unwrap_or_default(),
            (None, None) => None,
        },
        CrsRule::Gml(_) => match planned.text(0) {
            Some(text) => gml::parse(text)?.1.and_then(srid_crs),
            None => None,
        },
        CrsRule::Code(code) => srid_crs(code),
        CrsRule::GeoJson => planned
            .text(0)
            .and_then(geojson_crs)
            .map_or_else(|| Ok(Crs::wgs84()), |name| Crs::parse(&name))
            .map(Some)?,
        CrsRule::Wgs84 => Some(Crs::wgs84()),
        CrsRule::Unknown => None,
    };
    let edges = edges(overload, planned)?;
    let crs = if edges == Edges::Spherical { crs.or_else(|| Some(Crs::wgs84())) } else { crs };
    let storage = passed_storage(overload, planned);
    let geometry = GeometryType { crs, edges };
    Ok(result::field(planned.function, overload.returns, &storage, Some(&geometry)))
}

/// Returns how the lines of a result run: as the overload says, else as those of the geometries
/// it is made of.
fn edges(overload: &Overload, planned: &Planned<'_>) -> Result<Edges, GeometryError> {
    if overload.returns == Type::Geography {
        return Ok(Edges::Spherical);
    }
    for (index, argument) in overload.arguments.iter().enumerate().take(planned.len()) {
        if argument.kind == Type::Geometry
            && let Some(geometry) = planned.geometry(index)?
            && geometry.edges == Edges::Spherical
        {
            return Ok(Edges::Spherical);
        }
    }
    Ok(Edges::Planar)
}

/// Returns the reference system that EWKB names.
pub(crate) fn crs_of_wkb(bytes: &[u8]) -> Result<Option<Crs>, GeometryError> {
    Ok(Geometry::try_any(bytes)?.srid().and_then(srid_crs))
}

/// Checks that what the plan depends on is written in the query.
///
/// Integers are left to whoever holds the expressions: `literal_integers` says which become
/// literals before anything is run.
fn check_literals(overload: &Overload, planned: &Planned<'_>) -> Result<(), GeometryError> {
    for (index, (argument, field)) in overload.arguments.iter().zip(planned.fields).enumerate() {
        if planned.is_literal(index) || field.data_type().is_null() {
            continue;
        }
        let reason = if argument.kind.is_spatial() && is_text(field.data_type()) {
            let reader = match argument.kind {
                Type::Geography => "ST_GeogFromText",
                _ => "ST_GeomFromText",
            };
            format!(
                "argument \"{}\" of \"{}\" is text where a {} is expected; wrap it in {reader}",
                argument.name,
                planned.function,
                argument.kind.sql_name()
            )
        } else if argument.literal && argument.kind != Type::Int64 {
            must_be_literal(planned.function, argument.name)
        } else {
            continue;
        };
        return Err(GeometryError::InvalidArgument { reason });
    }
    Ok(())
}

/// Returns what is wrong with an argument that only rows have.
pub(crate) fn must_be_literal(function: &str, argument: &str) -> String {
    format!("argument \"{argument}\" of \"{function}\" must be a literal")
}

/// Returns the reference system all geometry arguments share.
fn agreed_crs(overload: &Overload, planned: &Planned<'_>) -> Result<Option<Crs>, GeometryError> {
    let mut agreed: Option<Crs> = None;
    for (index, argument) in overload.arguments.iter().enumerate().take(planned.len()) {
        let crs = match argument.kind {
            Type::Geometry => planned.crs(index)?,
            Type::Geography => Some(planned.geographic_crs(index)?),
            Type::GeometryList => planned.item_crs(index)?,
            _ => continue,
        };
        agreed = common_crs(agreed.as_ref(), crs.as_ref())?;
    }
    Ok(agreed)
}

fn passed_storage(overload: &Overload, planned: &Planned<'_>) -> DataType {
    let field = overload.passes.and_then(|index| planned.fields.get(index));
    match field.map(|field| field.data_type()) {
        Some(storage @ (DataType::LargeBinary | DataType::BinaryView)) => storage.clone(),
        _ => DataType::Binary,
    }
}
