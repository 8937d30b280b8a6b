//! The columns of a result as attributes of features, for formats that have types of their own.

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BinaryArray, BooleanArray, Float64Array, Int64Array,
    RecordBatch, StringArray, StringBuilder, UInt64Array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, UInt64Type};
use godwit_geometry::{Crs, GeometryType, is_geometry};

use crate::FormatError;
use crate::encode::EncodeOptions;
use crate::encode::columns::{Column, Style};
use crate::encode::sql_type_name;

/// Which column is the geometry of the features, and which are attributes.
#[derive(Debug)]
pub(super) struct Features {
    pub(super) geometry: Option<usize>,
    /// The reference system of the geometry.
    pub(super) crs: Option<Crs>,
    pub(super) attributes: Vec<Attribute>,
}

/// A column that is an attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// The place in the result.
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) form: Form,
}

/// What the values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Boolean,
    Whole { bits: u8, is_signed: bool },
    Float,
    Double,
    Text,
    Json,
    Date,
    Time,
    Binary,
}

impl Features {
    /// Assigns the columns of a result; `format` is what errors call the format.
    pub(super) fn try_new(
        schema: &Schema,
        options: &EncodeOptions,
        format: &'static str,
    ) -> Result<Self, FormatError> {
        let fields = schema.fields();
        let mut geometries = (0..fields.len())
            .filter(|index| fields.get(*index).is_some_and(|field| is_geometry(field)));
        let geometry = match &options.geometry_column {
            None => geometries.next(),
            Some(name) => {
                let named = |index: &usize| {
                    fields.get(*index).is_some_and(|field| field.name().eq_ignore_ascii_case(name))
                };
                let reason = "the result has no such geometry";
                let missing = || crate::options::invalid("geometry_column", name, reason);
                Some(geometries.find(named).ok_or_else(missing)?)
            }
        };
        let field = geometry.and_then(|index| fields.get(index));
        let known = field.map(|field| GeometryType::from_field(field)).transpose()?.flatten();
        let mut attributes = Vec::new();
        for (index, field) in
            fields.iter().enumerate().filter(|(index, _)| Some(*index) != geometry)
        {
            let form = form_of(field, format)?;
            attributes.push(Attribute { index, name: field.name().clone(), form });
        }
        Ok(Self { geometry, crs: known.and_then(|known| known.crs), attributes })
    }

    /// Returns the values of the attributes in a batch.
    pub(super) fn cells(&self, batch: &RecordBatch) -> Result<Vec<Cells>, FormatError> {
        let mut cells = Vec::with_capacity(self.attributes.len());
        for attribute in &self.attributes {
            let field = batch.schema_ref().field(attribute.index);
            cells.push(Cells::try_new(attribute.form, field, batch.column(attribute.index))?);
        }
        Ok(cells)
    }
}

fn form_of(field: &Field, format: &'static str) -> Result<Form, FormatError> {
    let name = field.name();
    if is_geometry(field) {
        let reason = format!(
            "column \"{name}\" is a second geometry, of which {format} has one: leave it out, or \
             write ST_AsText(\"{name}\")"
        );
        return Err(FormatError::Unsupported { reason });
    }
    let whole = |bits, is_signed| Some(Form::Whole { bits, is_signed });
    let form = match field.data_type() {
        DataType::Dictionary(_, values) => {
            return form_of(&Field::new(name, values.as_ref().clone(), true), format);
        }
        DataType::Boolean => Some(Form::Boolean),
        DataType::Int8 => whole(8, true),
        DataType::Int16 => whole(16, true),
        DataType::Int32 => whole(32, true),
        DataType::Int64 => whole(64, true),
        DataType::UInt8 => whole(8, false),
        DataType::UInt16 => whole(16, false),
        DataType::UInt32 => whole(32, false),
        DataType::UInt64 => whole(64, false),
        DataType::Float16 | DataType::Float32 => Some(Form::Float),
        data_type if data_type.is_floating() || data_type.is_decimal() => Some(Form::Double),
        DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            Some(Form::Text)
        }
        DataType::Date32 | DataType::Date64 => Some(Form::Date),
        DataType::Timestamp(..) => Some(Form::Time),
        data_type if data_type.is_binary() => Some(Form::Binary),
        data_type if data_type.is_nested() => Some(Form::Json),
        _ => None,
    };
    form.ok_or_else(|| {
        let data_type = sql_type_name(field);
        let reason = format!(
            "column \"{name}\" is of type {data_type}, which {format} does not have: write \
             CAST(\"{name}\" AS TEXT)"
        );
        FormatError::Unsupported { reason }
    })
}

/// The values of an attribute in a batch.
pub(super) enum Cells {
    Boolean(BooleanArray),
    Whole(Int64Array),
    Unsigned(UInt64Array),
    Number(Float64Array),
    Text(StringArray),
    Binary(BinaryArray),
}

impl Cells {
    fn try_new(form: Form, field: &Field, array: &ArrayRef) -> Result<Self, FormatError> {
        // A value that does not fit is an error, not a null.
        let strict = CastOptions { safe: false, ..CastOptions::default() };
        let cast = |wanted: &DataType| cast_with_options(array, wanted, &strict);
        Ok(match form {
            Form::Boolean => Self::Boolean(cast(&DataType::Boolean)?.as_boolean().clone()),
            Form::Whole { is_signed: true, .. } => {
                Self::Whole(cast(&DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            Form::Whole { .. } => {
                Self::Unsigned(cast(&DataType::UInt64)?.as_primitive::<UInt64Type>().clone())
            }
            Form::Float | Form::Double => {
                Self::Number(cast(&DataType::Float64)?.as_primitive::<Float64Type>().clone())
            }
            Form::Text => Self::Text(cast(&DataType::Utf8)?.as_string::<i32>().clone()),
            Form::Binary => Self::Binary(cast(&DataType::Binary)?.as_binary::<i32>().clone()),
            Form::Json => Self::Text(texts(field, array, true)?),
            Form::Date | Form::Time => Self::Text(texts(field, array, false)?),
        })
    }
}

/// Returns values as they are written in texts.
fn texts(field: &Field, array: &ArrayRef, is_json: bool) -> Result<StringArray, FormatError> {
    let column = Column::try_new(field, array)?;
    let style = Style { is_json, int64_as_string: false };
    let mut texts = StringBuilder::with_capacity(array.len(), 0);
    let mut text = Vec::new();
    for row in 0..array.len() {
        if column.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        column.write(row, style, &mut text)?;
        texts.append_value(String::from_utf8_lossy(&text));
    }
    Ok(texts.finish())
}
