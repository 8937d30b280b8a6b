//! Which format a client wants, and how its values are written.

use axum::http::{HeaderMap, StatusCode, header};
use godwit_engine::encode::{EncodeOptions, Encoding, GeometryEncoding};
use godwit_engine::geometry::Crs;
use godwit_engine::{Code, Error};

use crate::http::problem::Problem;
use crate::http::sql::request::SqlRequest;

/// The names of `format=`, as errors list them.
const NAMES: &str = "json, table, ndjson, csv, tsv, arrow, arrow_file, parquet, geojson, geojsonseq, flatgeobuf, \
     geopackage";

/// Returns the format that `format=` names, or the best one of the `Accept` header.
pub(super) fn encoding(format: Option<&str>, headers: &HeaderMap) -> Result<Encoding, Problem> {
    if let Some(name) = format {
        let found = Encoding::from_name(name);
        return found.ok_or_else(|| unacceptable(format!("there is no format \"{name}\"")));
    }
    let values: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if values.is_empty() {
        return Ok(Encoding::Json);
    }
    let accept = values.join(",");
    let found = preferences(&accept).into_iter().find_map(of_media_range);
    found.ok_or_else(|| unacceptable(format!("no format has a media type of \"{accept}\"")))
}

/// Returns the media ranges of an `Accept` header, the most wanted first.
fn preferences(accept: &str) -> Vec<&str> {
    let mut ranges: Vec<(f32, &str)> = accept
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';');
            let media_type = parts.next()?.trim();
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
            Some((quality.unwrap_or(1.0), media_type))
        })
        .filter(|(quality, _)| *quality > 0.0)
        .collect();
    ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranges.into_iter().map(|(_, media_type)| media_type).collect()
}

fn of_media_range(range: &str) -> Option<Encoding> {
    match range.to_ascii_lowercase().as_str() {
        "*/*" | "application/*" => Some(Encoding::Json),
        "text/*" => Some(Encoding::Csv),
        media_type => Encoding::from_media_type(media_type),
    }
}

fn unacceptable(detail: String) -> Problem {
    Problem::of_request(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
        .with_hint(format!("The formats are {NAMES}."))
}

/// Returns how the values of an answer are written.
pub(super) fn encode_options(request: &SqlRequest) -> Result<EncodeOptions, Problem> {
    let mut options = EncodeOptions::default();
    if let Some(name) = &request.geometry {
        options.geometry = Some(geometry_encoding(name)?);
    }
    options.crs = request.crs.as_deref().map(parse_crs).transpose()?;
    options.assume_crs = request.assume_crs.as_deref().map(parse_crs).transpose()?;
    options.geometry_column.clone_from(&request.geometry_column);
    options.id_column.clone_from(&request.id_column);
    options.int64_as_string = match request.int64.as_deref() {
        None | Some("number") => false,
        Some("string") => true,
        Some(other) => {
            let detail = format!("int64 \"{other}\" is neither \"number\" nor \"string\"");
            return Err(Problem::of_parameter(detail));
        }
    };
    Ok(options)
}

fn geometry_encoding(name: &str) -> Result<GeometryEncoding, Problem> {
    GeometryEncoding::from_name(name).ok_or_else(|| {
        let hint = "The encodings are geojson, wkt, ewkt, wkb, hexwkb and lonlat.";
        Problem::of_parameter(format!("there is no geometry encoding \"{name}\"")).with_hint(hint)
    })
}

fn parse_crs(text: &str) -> Result<Crs, Problem> {
    Crs::parse(text).map_err(|error| {
        let detail = format!("\"{text}\" is not a reference system: {error}");
        Problem::from(Error::new(Code::UnknownCrs, detail))
            .with_hint("Name one by its code, as EPSG:3857.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_format_wins() {
        let of = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            encoding(None, &headers).ok()
        };
        assert_eq!(of("*/*"), Some(Encoding::Json));
        assert_eq!(of("text/csv"), Some(Encoding::Csv));
        assert_eq!(of("text/csv;q=0.5, application/geo+json"), Some(Encoding::GeoJson));
        assert_eq!(of("text/html, application/xhtml+xml, */*;q=0.8"), Some(Encoding::Json));
        assert_eq!(of("application/vnd.apache.arrow.stream"), Some(Encoding::Arrow));
        assert_eq!(of("image/png"), None);
        assert_eq!(of("text/csv;q=0"), None);
    }

    #[test]
    fn the_option_wins_over_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, "text/csv".parse().unwrap());
        assert_eq!(encoding(Some("ndjson"), &headers).ok(), Some(Encoding::Ndjson));
        assert!(encoding(Some("xml"), &headers).is_err());
        assert_eq!(encoding(None, &HeaderMap::new()).ok(), Some(Encoding::Json));
    }
}
