//! Parameters of a request as values of the engine.

use arrow::datatypes::{DataType, Field, TimeUnit};
use godwit_engine::geometry::{Geometry, GeometryError, Kind, geojson, is_geometry, to_iso, wkt};
use godwit_engine::{Code, Error, Parameter, Value, sql_type_name};
use serde_json::{Map, Value as Json};

use crate::http::problem::Problem;
use crate::http::sql::request::SqlRequest;

const GEOMETRY_KINDS: [&str; 8] = [
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
    "Feature",
];

/// Returns a value for each parameter of a statement.
pub(super) fn bind(parameters: &[Parameter], request: &SqlRequest) -> Result<Vec<Value>, Problem> {
    check_all_used(parameters, request)?;
    parameters
        .iter()
        .map(|parameter| {
            let name = bare(parameter);
            let json = given(name, request).ok_or_else(|| missing(parameter))?;
            value(json, parameter).map_err(|error| error.at(&parameter.name))
        })
        .collect()
}

fn bare(parameter: &Parameter) -> &str {
    parameter.name.trim_start_matches('$')
}

/// Returns what the request gives for `$name`: by position if it is a number, else by name.
fn given<'a>(name: &str, request: &'a SqlRequest) -> Option<&'a Json> {
    let index = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    index
        .and_then(|index| request.params.get(index))
        .or_else(|| request.named_params.get(name))
        .or_else(|| request.named_params.get(&format!("${name}")))
}

fn missing(parameter: &Parameter) -> Problem {
    let name = bare(parameter);
    let hint = format!(
        "Pass it in the list \"params\", in the object \"named_params\", or as p.{name} in the \
         query string."
    );
    Problem::of_parameter(format!("parameter {} has no value", parameter.name)).with_hint(hint)
}

/// A value nobody asked for is a misspelled or forgotten placeholder.
fn check_all_used(parameters: &[Parameter], request: &SqlRequest) -> Result<(), Problem> {
    let is_used = |name: &str| parameters.iter().any(|parameter| bare(parameter) == name);
    for index in 1..=request.params.len() {
        if !is_used(&index.to_string()) {
            let detail = format!(
                "the request has {} params, but the statement has no ${index}",
                request.params.len()
            );
            return Err(Problem::of_parameter(detail));
        }
    }
    for name in request.named_params.keys() {
        if !is_used(name.trim_start_matches('$')) {
            let detail =
                format!("the statement has no parameter ${}", name.trim_start_matches('$'));
            return Err(Problem::of_parameter(detail));
        }
    }
    Ok(())
}

/// Why a parameter cannot be bound.
#[derive(Debug)]
struct Refused {
    code: Code,
    reason: String,
}

impl Refused {
    fn text(reason: impl Into<String>) -> Self {
        Self { code: Code::InvalidText, reason: reason.into() }
    }

    fn at(self, name: &str) -> Problem {
        Error::new(self.code, format!("parameter {name}: {}", self.reason)).into()
    }
}

fn value(json: &Json, parameter: &Parameter) -> Result<Value, Refused> {
    let wants_geometry = is_geometry(&parameter.field);
    match json {
        Json::Object(object) => of_object(object, json),
        Json::Array(items) => {
            let list = of_list(items)?;
            // What takes one value alone takes no list as a text of it.
            if parameter.is_inferred || parameter.data_type.is_list() {
                return Ok(list);
            }
            Err(unreadable(&json.to_string(), &parameter.data_type))
        }
        Json::String(text) if wants_geometry => geometry_of_text(text),
        Json::String(text) => {
            let is_binary = parameter.data_type == DataType::Binary;
            if is_binary && let Some(bytes) = from_hex(text) {
                return Ok(Value::Binary(Some(bytes)));
            }
            if is_binary && looks_like_wkt(text) {
                return geometry_of_text(text);
            }
            let value = Value::Utf8(Some(text.clone()));
            // Texts of a query string stand for values of any type.
            if parameter.is_inferred { Ok(value) } else { cast(&value, &parameter.data_type, text) }
        }
        scalar => of_scalar(scalar),
    }
}

fn of_scalar(json: &Json) -> Result<Value, Refused> {
    match json {
        Json::Null => Ok(Value::Null),
        Json::Bool(flag) => Ok(Value::Boolean(Some(*flag))),
        Json::String(text) => Ok(Value::Utf8(Some(text.clone()))),
        Json::Number(number) => {
            if let Some(integer) = number.as_i64() {
                return Ok(Value::Int64(Some(integer)));
            }
            if let Some(integer) = number.as_u64() {
                return Ok(Value::UInt64(Some(integer)));
            }
            let float = number.as_f64().ok_or_else(|| Refused::text("the number is too large"))?;
            Ok(Value::Float64(Some(float)))
        }
        Json::Array(_) | Json::Object(_) => {
            Err(Refused::text("a scalar is wanted here, and no list or object"))
        }
    }
}

/// Reads a list of scalars, as `= ANY($1)` takes it.
fn of_list(items: &[Json]) -> Result<Value, Refused> {
    let items = items.iter().map(of_scalar).collect::<Result<Vec<_>, _>>()?;
    let data_type = items.iter().try_fold(DataType::Null, |common, item| {
        common_type(common, item.data_type())
            .ok_or_else(|| Refused::text("the items of the list are of several types"))
    })?;
    let cast = |item: &Value| cast(item, &data_type, &item.to_string());
    let values = items.iter().map(cast).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::List(Value::new_list_nullable(&values, &data_type)))
}

/// Returns the type that values of both types have in a list.
fn common_type(one: DataType, other: DataType) -> Option<DataType> {
    match (one, other) {
        (DataType::Null, data_type) | (data_type, DataType::Null) => Some(data_type),
        (one, other) if one == other => Some(one),
        (one, other) if one.is_numeric() && other.is_numeric() => Some(DataType::Float64),
        _ => None,
    }
}

/// Reads a `GeoJSON` geometry, or a value with its type.
fn of_object(object: &Map<String, Json>, json: &Json) -> Result<Value, Refused> {
    let kind = object.get("type").and_then(Json::as_str).unwrap_or_default();
    if GEOMETRY_KINDS.contains(&kind) {
        return geometry_of_json(json);
    }
    let Some(value) = object.get("value").filter(|_| object.len() == 2) else {
        return Err(Refused::text(
            "the object is neither a GeoJSON geometry nor {\"type\": \"DATE\", \"value\": ...}",
        ));
    };
    if kind.eq_ignore_ascii_case("geometry") {
        return match value {
            Json::Null => Ok(Value::Binary(None)),
            Json::String(text) => geometry_of_text(text),
            other => geometry_of_json(other),
        };
    }
    let unknown = || Refused::text(format!("there is no parameter type \"{kind}\""));
    if let (Some(kind), Json::Array(items)) = (kind.strip_suffix("[]"), value) {
        let item_type = data_type(kind).filter(|data_type| *data_type != DataType::Binary);
        let data_type = DataType::new_list(item_type.ok_or_else(unknown)?, true);
        return cast(&of_list(items)?, &data_type, &value.to_string());
    }
    let data_type = data_type(kind).ok_or_else(unknown)?;
    if data_type == DataType::Binary {
        let text = value.as_str().unwrap_or_default();
        let bytes = from_hex(text);
        let bytes = bytes.ok_or_else(|| Refused::text("binary values are given in hex digits"))?;
        return Ok(Value::Binary(Some(bytes)));
    }
    let scalar = of_scalar(value)?;
    cast(&scalar, &data_type, &value.to_string())
}

fn data_type(name: &str) -> Option<DataType> {
    Some(match name.to_ascii_uppercase().as_str() {
        "BOOLEAN" | "BOOL" => DataType::Boolean,
        "SMALLINT" | "INT2" => DataType::Int16,
        "INTEGER" | "INT" | "INT4" => DataType::Int32,
        "BIGINT" | "INT8" => DataType::Int64,
        "REAL" | "FLOAT4" => DataType::Float32,
        "DOUBLE" | "DOUBLE PRECISION" | "FLOAT" | "FLOAT8" => DataType::Float64,
        "TEXT" | "VARCHAR" | "STRING" => DataType::Utf8,
        "DATE" => DataType::Date32,
        "TIME" => DataType::Time64(TimeUnit::Microsecond),
        "TIMESTAMP" => DataType::Timestamp(TimeUnit::Microsecond, None),
        "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE" => {
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
        }
        "BYTEA" | "BINARY" | "VARBINARY" | "BLOB" => DataType::Binary,
        _ => return None,
    })
}

fn cast(value: &Value, data_type: &DataType, shown: &str) -> Result<Value, Refused> {
    if value.data_type() == *data_type {
        return Ok(value.clone());
    }
    let cast = value.cast_to(data_type).ok();
    let cast = cast.filter(|cast| value.is_null() || !cast.is_null());
    cast.ok_or_else(|| unreadable(shown, data_type))
}

fn unreadable(shown: &str, data_type: &DataType) -> Refused {
    let name = sql_type_name(&Field::new("", data_type.clone(), true));
    Refused::text(format!("{shown} does not read as {name}"))
}

fn looks_like_wkt(text: &str) -> bool {
    let text = text.trim_start();
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let is_kind = |kind: &Kind| kind.wkt_name().eq_ignore_ascii_case(&word);
    text.starts_with("SRID=") || Kind::ALL.iter().any(is_kind)
}

fn geometry_of_text(text: &str) -> Result<Value, Refused> {
    let wkb = match from_hex(text) {
        Some(bytes) => Geometry::try_any(&bytes).map(|geometry| to_iso(geometry).into_owned()),
        None => wkt::parse(text).map(|(wkb, _srid)| wkb),
    };
    geometry_value(wkb)
}

/// Reads a geometry, or that of a feature.
fn geometry_of_json(json: &Json) -> Result<Value, Refused> {
    let is_feature = json.get("type").and_then(Json::as_str) == Some("Feature");
    match json.get("geometry").filter(|_| is_feature) {
        Some(Json::Null) => Ok(Value::Binary(None)),
        Some(geometry) => geometry_value(geojson::parse(&geometry.to_string())),
        None => geometry_value(geojson::parse(&json.to_string())),
    }
}

fn geometry_value(wkb: Result<Vec<u8>, GeometryError>) -> Result<Value, Refused> {
    match wkb {
        Ok(wkb) => Ok(Value::Binary(Some(wkb))),
        Err(error) => Err(Refused { code: Code::InvalidGeometry, reason: error.to_string() }),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim();
    let digits = digits.strip_prefix("\\x").unwrap_or(digits);
    if digits.is_empty() || digits.len() % 2 == 1 {
        return None;
    }
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).ok()?;
        let is_hex = pair.iter().all(u8::is_ascii_hexdigit);
        is_hex.then(|| u8::from_str_radix(text, 16).ok()).flatten()
    };
    digits.as_bytes().chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    fn parameter(name: &str, data_type: DataType) -> Parameter {
        let field = Arc::new(Field::new(name, data_type.clone(), true));
        Parameter { name: name.to_owned(), data_type, field, is_inferred: false }
    }

    fn request(body: Json) -> SqlRequest {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn values_take_the_type_of_their_parameter() {
        let parameters = [parameter("$1", DataType::Int64), parameter("$day", DataType::Date32)];
        let texts = json!({"params": ["7"], "named_params": {"day": "2026-01-01"}});
        let values = bind(&parameters, &request(texts)).unwrap();
        assert_eq!(values, [Value::Int64(Some(7)), Value::Date32(Some(20454))]);
        let typed = json!({"params": [7], "named_params": {"day": {"type": "date", "value": "2026-01-01"}}});
        assert_eq!(bind(&parameters, &request(typed)).unwrap(), values);
        let wrong = json!({"params": ["seven"], "named_params": {"day": null}});
        assert!(bind(&parameters, &request(wrong)).is_err());
    }

    #[test]
    fn lists_have_one_type() {
        let parameter = Parameter { is_inferred: true, ..parameter("$1", DataType::Utf8) };
        let read = |list: Json| {
            let values =
                bind(std::slice::from_ref(&parameter), &request(json!({"params": [list]})));
            values.map(|values| (values[0].data_type(), values[0].to_string())).ok()
        };
        let list = |item: DataType| DataType::new_list(item, true);
        for (given, data_type, shown) in [
            (json!([1, null, 2]), DataType::Int64, "[1, , 2]"),
            (json!([1, 2.5]), DataType::Float64, "[1.0, 2.5]"),
            (json!(["a", "b"]), DataType::Utf8, "[a, b]"),
            (json!([]), DataType::Null, "[]"),
            (json!({"type": "date[]", "value": ["2026-01-01"]}), DataType::Date32, "[2026-01-01]"),
        ] {
            assert_eq!(read(given), Some((list(data_type), shown.to_owned())));
        }
        for refused in [
            json!([1, "a"]),
            json!([[1]]),
            json!([{"a": 1}]),
            json!({"type": "date[]", "value": ["soon"]}),
            json!({"type": "bytea[]", "value": ["00"]}),
            json!({"type": "date[]", "value": "2026-01-01"}),
        ] {
            assert_eq!(read(refused.clone()), None, "{refused}");
        }
    }

    #[test]
    fn geometries_come_in_five_ways() {
        let parameters = [parameter("$g", DataType::Binary)];
        let hex = "0101000000000000000000F03F0000000000000040";
        for geometry in [
            json!({"type": "Point", "coordinates": [1, 2]}),
            json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}),
            json!({"type": "geometry", "value": {"type": "Point", "coordinates": [1, 2]}}),
            json!({"type": "geometry", "value": "POINT(1 2)"}),
            json!(hex),
            json!("POINT(1 2)"),
        ] {
            let body = json!({"named_params": {"g": geometry}});
            let values = bind(&parameters, &request(body)).unwrap();
            assert_eq!(values, [Value::Binary(from_hex(hex))]);
        }
    }

    #[test]
    fn missing_and_surplus_values_are_refused() {
        let parameters = [parameter("$1", DataType::Int64)];
        assert!(bind(&parameters, &request(json!({}))).is_err());
        assert!(bind(&parameters, &request(json!({"params": [1, 2]}))).is_err());
        assert!(bind(&parameters, &request(json!({"named_params": {"1": 1, "x": 2}}))).is_err());
        assert!(bind(&parameters, &request(json!({"params": [[1]]}))).is_err());
        assert!(bind(&[], &request(json!({}))).unwrap().is_empty());
    }
}
