//! A request for a statement: its text, parameters and options, from body and query string.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use godwit_engine::{Code, Error, Protocol, SessionOptions};
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::http::problem::Problem;
use crate::http::sql::received::received;

/// A statement with its parameters and options.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SqlRequest {
    /// The SQL text: a statement, or several with semicolons between them.
    pub(super) sql: String,
    /// The values of $1, $2 and so on in the last statement: scalars, lists of them, `GeoJSON`
    /// geometries, or `{"type": "DATE", "value": "2026-01-01"}`.
    pub(super) params: Vec<Json>,
    /// The values of $name in the last statement.
    pub(super) named_params: BTreeMap<String, Json>,
    /// The format of the answer; wins over the Accept header.
    pub(super) format: Option<String>,
    /// How geometries are written.
    pub(super) geometry: Option<String>,
    /// The reference system geometries are reprojected to.
    pub(super) crs: Option<String>,
    /// The reference system of geometries that name none.
    pub(super) assume_crs: Option<String>,
    /// The geometry of `GeoJSON` features, if not the first.
    pub(super) geometry_column: Option<String>,
    /// The id of `GeoJSON` features.
    pub(super) id_column: Option<String>,
    /// "string" writes 64-bit integers as JSON strings.
    pub(super) int64: Option<String>,
    /// Sends at most so many rows.
    pub(super) limit_rows: Option<u64>,
    /// Longest run time: seconds, or a text such as "30s" or "500ms".
    pub(super) timeout: Option<Json>,
    /// The catalog of unqualified names.
    pub(super) catalog: Option<String>,
    /// The schema of unqualified names.
    pub(super) schema: Option<String>,
    /// The time zone of timestamps with a time zone.
    pub(super) time_zone: Option<String>,
    /// Variables, as `SET name = value` takes them.
    pub(super) settings: BTreeMap<String, Json>,
}

/// What may stand before a text in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The names a query string may use, besides `p.NAME`.
const NAMES: [&str; 15] = [
    "q",
    "sql",
    "format",
    "geometry",
    "crs",
    "assume_crs",
    "geometry_column",
    "id_column",
    "int64",
    "limit_rows",
    "timeout",
    "catalog",
    "schema",
    "time_zone",
    "p.1",
];

enum Language {
    Sql,
    Form,
    Json,
}

impl SqlRequest {
    /// Reads a `POST` request.
    pub(super) async fn read(parts: &Parts, body: Body, limit: usize) -> Result<Self, Problem> {
        let language = language(&parts.headers)?;
        let bytes = received(&parts.headers, body, limit).await?;
        let request = match language {
            Language::Json => serde_json::from_slice(&bytes).map_err(|error| {
                let detail = format!("the body is not a JSON request: {error}");
                Problem::from(Error::new(Code::InvalidText, detail))
            })?,
            Language::Sql => Self { sql: text(bytes)?, ..Self::default() },
            Language::Form => Self { sql: text_of_form(text(bytes)?), ..Self::default() },
        };
        request.with_query_string(parts.uri.query())
    }

    /// Returns the request with the options of a query string, which win.
    pub(super) fn with_query_string(mut self, query: Option<&str>) -> Result<Self, Problem> {
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            self.set(&name, value.into_owned())?;
        }
        Ok(self)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), Problem> {
        if let Some(parameter) = name.strip_prefix("p.") {
            self.named_params.insert(parameter.to_owned(), Json::String(value));
            return Ok(());
        }
        match name {
            "q" | "sql" => self.sql = value,
            "format" => self.format = Some(value),
            "geometry" => self.geometry = Some(value),
            "crs" => self.crs = Some(value),
            "assume_crs" => self.assume_crs = Some(value),
            "geometry_column" => self.geometry_column = Some(value),
            "id_column" => self.id_column = Some(value),
            "int64" => self.int64 = Some(value),
            "limit_rows" => {
                let rows = value.parse().ok();
                let detail = format!("limit_rows \"{value}\" is not a number of rows");
                self.limit_rows = Some(rows.ok_or_else(|| Problem::of_parameter(detail))?);
            }
            "timeout" => self.timeout = Some(Json::String(value)),
            "catalog" => self.catalog = Some(value),
            "schema" => self.schema = Some(value),
            "time_zone" => self.time_zone = Some(value),
            _ => {
                let detail = format!("there is no option \"{name}\"");
                let hint = format!("The options are {}.", NAMES.join(", "));
                return Err(Problem::of_parameter(detail).with_hint(hint));
            }
        }
        Ok(())
    }

    /// Returns the part of the options that the engine knows.
    pub(super) fn session_options(
        &self,
        read_only: bool,
        max_rows: Option<u64>,
    ) -> Result<SessionOptions, Problem> {
        if let Some(catalog) = &self.catalog
            && !catalog.eq_ignore_ascii_case(godwit_engine::DEFAULT_CATALOG)
        {
            let detail = format!("there is no catalog \"{catalog}\"");
            return Err(Error::new(Code::UndefinedObject, detail).into());
        }
        let setting = |(name, value): (&String, &Json)| match value {
            Json::String(text) => (name.clone(), text.clone()),
            other => (name.clone(), other.to_string()),
        };
        Ok(SessionOptions {
            schema: self.schema.clone().filter(|schema| !schema.is_empty()),
            time_zone: self.time_zone.clone(),
            query_timeout: self.timeout.as_ref().map(parse_timeout).transpose()?,
            protocol: Protocol::Http,
            read_only,
            settings: self.settings.iter().map(setting).collect(),
            max_rows,
        })
    }
}

fn language(headers: &HeaderMap) -> Result<Language, Problem> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let value = value.unwrap_or("text/plain");
    let media_type = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "application/json" => Ok(Language::Json),
        "application/x-www-form-urlencoded" => Ok(Language::Form),
        "text/plain" | "application/sql" | "text/sql" | "application/octet-stream" => {
            Ok(Language::Sql)
        }
        other => Err(Problem::of_request(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            format!("a body of type \"{other}\" is not understood"),
        )
        .with_hint("Send SQL as application/sql, or a request as application/json.")),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, Problem> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let detail =
            format!("the SQL text is not UTF-8 at byte {}", error.utf8_error().valid_up_to());
        Problem::from(Error::new(Code::InvalidText, detail))
    })?;
    // Some editors begin a file with a mark.
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

/// Returns the SQL of a form: the body itself, as `curl -d` sends it, unless it is one encoded
/// field, as `curl --data-urlencode q=...` sends it.
fn text_of_form(body: String) -> String {
    if !body.starts_with("q=") && !body.starts_with("sql=") {
        return body;
    }
    let mut fields = url::form_urlencoded::parse(body.as_bytes());
    fields.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn parse_timeout(value: &Json) -> Result<Duration, Problem> {
    let seconds = match value {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => seconds_of(text.trim()),
        _ => None,
    };
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.filter(|duration| !duration.is_zero()).ok_or_else(|| {
        Problem::of_parameter(format!("timeout {value} is not a time such as \"30s\""))
    })
}

fn seconds_of(text: &str) -> Option<f64> {
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("", 1.0)];
    let (number, scale) =
        units.iter().find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))?;
    Some(number.trim().parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(query: &str) -> Result<SqlRequest, Problem> {
        SqlRequest::default().with_query_string(Some(query))
    }

    #[test]
    fn query_strings_set_options_and_parameters() {
        let request = query("q=SELECT+%241&p.1=7&p.aoi=POINT(1%202)&limit_rows=5").unwrap();
        assert_eq!(request.sql, "SELECT $1");
        assert_eq!(request.named_params["1"], "7");
        assert_eq!(request.named_params["aoi"], "POINT(1 2)");
        assert_eq!(request.limit_rows, Some(5));
        assert!(query("fromat=csv").is_err());
        assert!(query("limit_rows=many").is_err());
    }

    #[test]
    fn timeouts_have_units() {
        let read = |text: &str| parse_timeout(&Json::String(text.to_owned())).ok();
        assert_eq!(read("30s"), Some(Duration::from_secs(30)));
        assert_eq!(read("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(read("2 m"), Some(Duration::from_mins(2)));
        assert_eq!(read("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(parse_timeout(&serde_json::json!(3)).ok(), Some(Duration::from_secs(3)));
        for nonsense in ["", "s", "-1s", "0", "soon", "1e999", "NaN"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn forms_hold_sql_or_one_field() {
        assert_eq!(text_of_form("SELECT 1 + 1".into()), "SELECT 1 + 1");
        assert_eq!(text_of_form("q=SELECT%201+%2B+1".into()), "SELECT 1 + 1");
    }
}
