//! Records as GeoJSON features.

use arrow::array::{Array, AsArray as _, StructArray};
use arrow::datatypes::{DataType, FieldRef};
use godwit_geometry::{Crs, Geometry, GeometryError, GeometryType, WkbColumn, curve, is_geometry};

use super::st_asgeojson;
use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::Evaluated;
use crate::json::{JsonColumn, write_string};
use crate::rows::Rows as _;

/// How the features of a batch are written.
struct Layout {
    /// The field that becomes the geometry.
    geometry: usize,
    /// The field that becomes the id.
    id: Option<usize>,
    max_decimals: i64,
    is_pretty: bool,
}

/// Returns a feature for each record; the arguments behind it are the name of the geometry, the
/// decimals, whether lines are broken, and the name of the id.
pub(super) fn features(arguments: &Arguments<'_>) -> Evaluated {
    let (records, mut fields) = records(arguments)?;
    let mut features = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        let index = if arguments.is_constant(0) { 0 } else { row };
        if records.is_null(index) {
            features.push(None)?;
            continue;
        }
        match Layout::new(arguments, records, row)? {
            Some(layout) => {
                let feature = feature(records, &mut fields, &layout, index)?;
                features.push(Some(feature.as_bytes()))?;
            }
            None => features.push(None)?,
        }
    }
    features.finish_text()
}

/// Returns the records of the first argument and what writes each of their fields.
fn records<'a>(
    arguments: &Arguments<'a>,
) -> Result<(&'a StructArray, Vec<FieldWriter<'a>>), GeometryError> {
    let records = arguments.array(0)?.as_struct_opt().ok_or_else(|| arguments.wrong_type(0))?;
    // What was planned knows the reference systems, which computed records may have forgotten.
    let planned = match arguments.fields.first().map(|field| field.data_type()) {
        Some(DataType::Struct(planned)) if planned.len() == records.num_columns() => planned,
        _ => records.fields(),
    };
    let fields = planned
        .iter()
        .zip(records.columns())
        .map(|(field, column)| FieldWriter::new(field, column.as_ref()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((records, fields))
}

impl Layout {
    /// Returns the layout for a row, unless an argument is null.
    fn new(
        arguments: &Arguments<'_>,
        records: &StructArray,
        row: usize,
    ) -> Result<Option<Self>, GeometryError> {
        let mut layout = Self { geometry: 0, id: None, max_decimals: 9, is_pretty: false };
        let (mut name, mut id) = (None, None);
        if arguments.len() > 1 {
            let Some(given) = arguments.text(1)?.get(row)? else { return Ok(None) };
            name = Some(given).filter(|name| !name.is_empty());
        }
        if arguments.len() > 2 {
            let Some(decimals) = arguments.integer(2)?.get(row)? else { return Ok(None) };
            layout.max_decimals = decimals;
        }
        if arguments.len() > 3 {
            let Some(is_pretty) = arguments.boolean(3)?.get(row)? else { return Ok(None) };
            layout.is_pretty = is_pretty;
        }
        if arguments.len() > 4 {
            let Some(given) = arguments.text(4)?.get(row)? else { return Ok(None) };
            id = Some(given);
        }
        layout.geometry =
            name.map_or_else(|| first_geometry(records), |name| position(records, name))?;
        layout.id = id.map(|id| position(records, id)).transpose()?;
        Ok(Some(layout))
    }
}

fn first_geometry(records: &StructArray) -> Result<usize, GeometryError> {
    let fields = records.fields();
    // Some plans forget what they know of a field but its type.
    let found = fields
        .iter()
        .position(|field| is_geometry(field))
        .or_else(|| fields.iter().position(|field| field.data_type().is_binary()));
    found.ok_or_else(|| invalid("the row has no geometry"))
}

fn position(records: &StructArray, name: &str) -> Result<usize, GeometryError> {
    let found = records.column_names().iter().position(|known| *known == name);
    found.ok_or_else(|| invalid(&format!("the row has no field \"{name}\"")))
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidArgument { reason: format!("ST_AsGeoJSON: {reason}") }
}

/// Returns the text of a feature.
fn feature<'a>(
    records: &'a StructArray,
    fields: &mut [FieldWriter<'a>],
    layout: &Layout,
    row: usize,
) -> Result<String, GeometryError> {
    let mut out = r#"{"type": "Feature", "geometry": "#.to_owned();
    if let (Some(field), Some(column)) =
        (fields.get_mut(layout.geometry), records.columns().get(layout.geometry))
    {
        if let (FieldWriter::Value(_), Some(column)) = (&field, WkbColumn::try_new(column)) {
            *field = FieldWriter::Geometry(column, None);
        }
        field.write(row, layout.max_decimals, &mut out)?;
    }
    if let Some(field) = layout.id.and_then(|id| fields.get_mut(id)) {
        out.push_str(r#", "id": "#);
        field.write(row, layout.max_decimals, &mut out)?;
    }
    out.push_str(r#", "properties": {"#);
    let mut is_first = true;
    for (index, (field, name)) in fields.iter_mut().zip(records.column_names()).enumerate() {
        if index == layout.geometry || Some(index) == layout.id {
            continue;
        }
        if !is_first {
            out.push_str(if layout.is_pretty { ",\n " } else { ", " });
        }
        is_first = false;
        write_string(name, &mut out);
        out.push_str(": ");
        field.write(row, layout.max_decimals, &mut out)?;
    }
    out.push_str("}}");
    Ok(out)
}

/// Writes the values of one field.
enum FieldWriter<'a> {
    Geometry(WkbColumn<'a>, Option<Crs>),
    Value(JsonColumn<'a>),
}

impl<'a> FieldWriter<'a> {
    fn new(field: &FieldRef, column: &'a dyn Array) -> Result<Self, GeometryError> {
        if let Some(geometry) = GeometryType::from_field(field)?
            && let Some(column) = WkbColumn::try_new(column)
        {
            return Ok(Self::Geometry(column, geometry.crs));
        }
        Ok(Self::Value(JsonColumn::try_new(field, column)?))
    }

    fn write(&self, row: usize, max_decimals: i64, out: &mut String) -> Result<(), GeometryError> {
        match self {
            Self::Geometry(column, crs) => {
                let Some(wkb) = column.get(row) else {
                    out.push_str("null");
                    return Ok(());
                };
                let basic = curve::to_basic(Geometry::try_any(wkb)?)?;
                let geometry = Geometry::try_new(&basic)?;
                out.push_str(&st_asgeojson::format(geometry, crs.as_ref(), max_decimals, 8)?);
                Ok(())
            }
            Self::Value(column) => column.write(row, out),
        }
    }
}
