//! SQL type names that the planner below does not know.

use std::sync::Arc;

use arrow::datatypes::{
    DECIMAL_DEFAULT_SCALE, DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Field,
    FieldRef, TimeUnit,
};
use datafusion::common::Result;
use datafusion::logical_expr::planner::{ContextProvider as _, TypePlanner};
use godwit_catalog::TextLength;
use godwit_geometry::{Crs, Edges, GeometryType};
use godwit_udfs::as_json;
use sqlparser::ast::{CharacterLength, DataType as SqlType, ExactNumberInfo, TimezoneInfo};

use super::context::PlanContext;
use crate::error::{Code, Error, external};
use crate::sql::GeometryModifiers;

/// SQL type names that the planner below does not know, or knows otherwise.
#[derive(Debug)]
pub(super) struct GeoTypes {
    /// The zone of `TIMESTAMP WITH TIME ZONE`.
    pub(super) time_zone: Arc<str>,
}

impl TypePlanner for GeoTypes {
    fn plan_type_field(&self, sql_type: &SqlType) -> Result<Option<FieldRef>> {
        if let Some(modifiers) = GeometryModifiers::of(sql_type).map_err(external)? {
            return Ok(Some(geometry(sql_type, modifiers.srid)));
        }
        if let SqlType::Custom(name, _) = sql_type {
            return Ok(custom(&name.to_string().to_lowercase()));
        }
        if let SqlType::Timestamp(precision, TimezoneInfo::Tz | TimezoneInfo::WithTimeZone) =
            sql_type
        {
            let zone = Some(Arc::clone(&self.time_zone));
            let data_type = DataType::Timestamp(unit(*precision), zone);
            return Ok(Some(Arc::new(Field::new("", data_type, true))));
        }
        if let SqlType::Decimal(size) | SqlType::Numeric(size) | SqlType::Dec(size) = sql_type {
            return Ok(Some(Arc::new(Field::new("", decimal(*size)?, true))));
        }
        let field = simple(sql_type).map(|data_type| Field::new("", data_type, true));
        let is_json = matches!(sql_type, SqlType::JSON | SqlType::JSONB);
        Ok(field.map(|field| Arc::new(if is_json { as_json(field) } else { field })))
    }
}

fn simple(sql_type: &SqlType) -> Option<DataType> {
    Some(match sql_type {
        SqlType::Binary(_) | SqlType::Varbinary(_) | SqlType::Blob(_) | SqlType::Bytes(_) => {
            DataType::Binary
        }
        SqlType::JSON
        | SqlType::JSONB
        | SqlType::Uuid
        | SqlType::Character(_)
        | SqlType::CharacterVarying(_)
        | SqlType::CharVarying(_)
        | SqlType::Nvarchar(_)
        | SqlType::Clob(_) => DataType::Utf8View,
        SqlType::Time(precision, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
            match unit(*precision) {
                unit @ (TimeUnit::Second | TimeUnit::Millisecond) => DataType::Time32(unit),
                unit => DataType::Time64(unit),
            }
        }
        SqlType::Timestamp(precision, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone)
        | SqlType::Datetime(precision) => DataType::Timestamp(unit(*precision), None),
        SqlType::Float(precision) => float(precision),
        SqlType::Int64 => DataType::Int64,
        SqlType::Int32 => DataType::Int32,
        SqlType::Int16 => DataType::Int16,
        SqlType::UInt8 | SqlType::UTinyInt => DataType::UInt8,
        SqlType::UInt16 | SqlType::USmallInt => DataType::UInt16,
        SqlType::UInt32 => DataType::UInt32,
        SqlType::UInt64 | SqlType::UBigInt => DataType::UInt64,
        // As many digits as there are.
        SqlType::HugeInt | SqlType::UHugeInt => DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0),
        SqlType::Float32 => DataType::Float32,
        SqlType::Float64 => DataType::Float64,
        SqlType::Date32 => DataType::Date32,
        _ => return None,
    })
}

/// Returns the type of `DECIMAL(digits, scale)`. The engine below divides by zero, or overflows,
/// where scales are negative.
fn decimal(size: ExactNumberInfo) -> Result<DataType> {
    let (digits, scale) = match size {
        ExactNumberInfo::None => {
            (DECIMAL128_MAX_PRECISION.into(), i64::from(DECIMAL_DEFAULT_SCALE))
        }
        ExactNumberInfo::Precision(digits) => (digits, 0),
        ExactNumberInfo::PrecisionAndScale(digits, scale) => (digits, scale),
    };
    if scale < 0 {
        let whole = digits.saturating_add(scale.unsigned_abs());
        let message = format!("DECIMAL({digits}, {scale}) is not supported: its scale is negative");
        let hint = format!("Use DECIMAL({whole}, 0), and round the values.");
        return Err(external(Error::unsupported(message).with_hint(hint)));
    }
    let known = u8::try_from(digits).ok().zip(i8::try_from(scale).ok());
    let fits = |(digits, scale): &(u8, i8)| {
        (1..=DECIMAL256_MAX_PRECISION).contains(digits) && scale.unsigned_abs() <= *digits
    };
    match known.filter(fits) {
        Some((digits @ ..=DECIMAL128_MAX_PRECISION, scale)) => {
            Ok(DataType::Decimal128(digits, scale))
        }
        Some((digits, scale)) => Ok(DataType::Decimal256(digits, scale)),
        None => {
            let message = format!("there is no DECIMAL({digits}, {scale})");
            let hint = "It has 1 to 76 digits, of which the scale may be a part.";
            Err(external(Error::new(Code::InvalidParameter, message).with_hint(hint)))
        }
    }
}

/// Returns the unit of a time or timestamp; microseconds by default, which is what Delta stores.
fn unit(precision: Option<u64>) -> TimeUnit {
    match precision {
        Some(0) => TimeUnit::Second,
        Some(1..=3) => TimeUnit::Millisecond,
        None | Some(4..=6) => TimeUnit::Microsecond,
        Some(_) => TimeUnit::Nanosecond,
    }
}

/// Returns the type of `FLOAT(p)`: SQL counts bits of the mantissa, and `FLOAT` alone is double.
fn float(precision: &ExactNumberInfo) -> DataType {
    match precision {
        ExactNumberInfo::Precision(..=24) => DataType::Float32,
        _ => DataType::Float64,
    }
}

fn custom(name: &str) -> Option<FieldRef> {
    let data_type = match name {
        "string" | "uuid" | "json" | "name" => DataType::Utf8View,
        "uinteger" => DataType::UInt32,
        _ => return None,
    };
    Some(Arc::new(Field::new("", data_type, true)))
}

/// Returns the field of `GEOMETRY(kind, srid)` or that of a geography; the kind is what a column
/// demands, not a part of its type.
fn geometry(sql_type: &SqlType, srid: i32) -> FieldRef {
    let is_geography = sql_type.to_string().to_lowercase().starts_with("geography");
    let mut crs = (srid != 0).then(|| Crs::from_epsg(srid));
    let mut edges = Edges::Planar;
    if is_geography {
        crs.get_or_insert_with(|| Crs::from_epsg(4326));
        edges = Edges::Spherical;
    }
    Arc::new(GeometryType { crs, edges }.field("", true))
}

/// Returns the length of `VARCHAR(n)` and `CHAR(n)`.
pub(crate) fn text_length(sql_type: &SqlType) -> std::result::Result<Option<TextLength>, Error> {
    let (length, is_varying) = match sql_type {
        SqlType::Varchar(length)
        | SqlType::CharacterVarying(length)
        | SqlType::CharVarying(length)
        | SqlType::Nvarchar(length) => (length, true),
        SqlType::Char(length) | SqlType::Character(length) => (length, false),
        _ => return Ok(None),
    };
    let Some(CharacterLength::IntegerLength { length, .. }) = length else { return Ok(None) };
    let Ok(characters @ 1..) = usize::try_from(*length) else {
        let message = format!("{sql_type} is not possible: a length is at least 1");
        return Err(Error::new(Code::InvalidParameter, message));
    };
    Ok(Some(TextLength { characters, is_varying }))
}

/// Returns the field of a column of this SQL type.
pub(crate) fn field_of_type(
    context: &PlanContext,
    name: &str,
    sql_type: &SqlType,
) -> std::result::Result<Field, Error> {
    let column = sqlparser::ast::ColumnDef {
        name: sqlparser::ast::Ident::with_quote('"', name),
        data_type: sql_type.clone(),
        options: Vec::new(),
    };
    let schema = datafusion::sql::planner::SqlToRel::new_with_options(
        context,
        datafusion::sql::planner::ParserOptions::from(&context.options().sql_parser),
    )
    .build_schema(vec![column])?;
    schema
        .fields()
        .first()
        .map(|field| field.as_ref().clone())
        .ok_or_else(|| Error::new(Code::Internal, "a column without a type"))
}
