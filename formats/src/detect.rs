//! Which format a file has: first by its suffix, then by its first bytes.

use std::io::Read as _;

use crate::foreign::foreign;
use crate::{Compression, Format, FormatError, flatgeobuf, format_named, formats, geopackage, osm};

/// How many decompressed bytes are looked at.
const HEAD_BYTES: usize = 64 * 1024;

/// The format and the compression of a file.
#[derive(Debug, Clone, Copy)]
pub struct Detected {
    /// The format.
    pub format: &'static dyn Format,
    /// The compression around it.
    pub compression: Compression,
}

/// Returns the format of a file from its name and its first bytes, which may be empty.
pub fn detect(path: &str, head: &[u8]) -> Option<Detected> {
    let (by_suffix, stem) = Compression::of_path(path.trim_end_matches('/'));
    let by_head = Compression::of_head(head);
    let compression = if by_head == Compression::None { by_suffix } else { by_head };
    let plain = plain_head(head, by_head);
    let found = match by_extension(stem) {
        // Many GeoJSON files are called .json; only the content tells them apart.
        Some(format) if format.describe().name == "JSON" => {
            by_content(&plain).filter(|found| is_json_family(*found)).unwrap_or(format)
        }
        Some(format) => format,
        None => by_content(&plain)?,
    };
    Some(Detected { format: found, compression })
}

/// Fails for a file that is of a format which is not read, whatever its name says.
pub fn check_head(path: &str, head: &[u8]) -> Result<(), FormatError> {
    let plain = plain_head(head, Compression::of_head(head));
    match foreign(&plain) {
        Some((what, advice)) => Err(FormatError::Foreign { path: path.to_owned(), what, advice }),
        None => Ok(()),
    }
}

/// Fails for a file that begins as those of another format do than the one it was read as.
pub fn check_format(path: &str, head: &[u8], format: &dyn Format) -> Result<(), FormatError> {
    let plain = plain_head(head, Compression::of_head(head));
    let wanted = format.describe().name;
    // Of texts the first bytes do not tell enough.
    let is_text = |name: &str| name.contains("JSON") || matches!(name, "CSV" | "TSV");
    let found = by_content(&plain).map(|found| found.describe().name);
    match found.filter(|found| !is_text(found) && !wanted.contains(found)) {
        Some(found) => Err(FormatError::OtherFormat { path: path.to_owned(), found, wanted }),
        None => Ok(()),
    }
}

fn by_extension(path: &str) -> Option<&'static dyn Format> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    if has_extension(&name, "tsv") || has_extension(&name, "tab") {
        return format_named("TSV");
    }
    let candidates = formats().iter().copied().flat_map(|format| {
        format.describe().extensions.iter().map(move |extension| (*extension, format))
    });
    candidates
        .filter(|(extension, _)| has_extension(&name, extension))
        .reduce(|best, next| if next.0.len() > best.0.len() { next } else { best })
        .map(|(_, format)| format)
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.'))
}

fn is_json_family(format: &dyn Format) -> bool {
    matches!(format.describe().name, "JSON" | "GEOJSON" | "GEOJSONSEQ")
}

fn plain_head(head: &[u8], compression: Compression) -> Vec<u8> {
    if compression == Compression::None {
        return head.iter().take(HEAD_BYTES).copied().collect();
    }
    let source = Box::new(std::io::Cursor::new(head.to_vec()));
    let Ok(reader) = compression.reader(source) else { return Vec::new() };
    let mut reader = reader.take(HEAD_BYTES as u64);
    let mut plain = Vec::new();
    let mut piece = [0_u8; 4096];
    // The head is cut off somewhere, so the error at its end is expected.
    while let Ok(count @ 1..) = reader.read(&mut piece) {
        plain.extend(piece.iter().take(count));
    }
    plain
}

fn by_content(head: &[u8]) -> Option<&'static dyn Format> {
    if head.starts_with(b"PAR1") {
        return format_named("PARQUET");
    }
    if head.starts_with(&[0, 0, 0x27, 0x0a]) {
        return format_named("SHAPEFILE");
    }
    if head.starts_with(flatgeobuf::SIGNATURE) {
        return format_named("FLATGEOBUF");
    }
    if head.get(4..).is_some_and(|head| head.starts_with(osm::SIGNATURE)) {
        return format_named("OSM");
    }
    if geopackage::is_geopackage(head) {
        return format_named("GEOPACKAGE");
    }
    if head.starts_with(b"ARROW1") || head.starts_with(&[0xff; 4]) {
        return format_named("ARROW");
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text.first()? {
        0x1e => format_named("GEOJSONSEQ"),
        b'{' | b'[' => json_flavour(text),
        _ if looks_like_text(head) => format_named("CSV"),
        _ => None,
    }
}

/// Tells a collection of features, a sequence of features and plain JSON apart, by the members of
/// the first object itself: a row with a geometry in one of its columns is plain JSON.
fn json_flavour(text: &[u8]) -> Option<&'static dyn Format> {
    let object = text.strip_prefix(b"[").unwrap_or(text).trim_ascii_start();
    match own_type(object) {
        Some(OwnType::Member) if is_sequence(text) => format_named("GEOJSONSEQ"),
        Some(OwnType::Collection | OwnType::Member) => format_named("GEOJSON"),
        None => format_named("JSON"),
    }
}

/// What the members of a GeoJSON object say of it.
enum OwnType {
    /// A collection of features.
    Collection,
    /// A feature or a geometry.
    Member,
}

/// Returns what kind of GeoJSON object the text begins with, if it is one.
fn own_type(text: &[u8]) -> Option<OwnType> {
    let mut depth = 0_u32;
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return None,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let (name, after) = json_string(rest)?;
                rest = after;
                let Some(value) = after.trim_ascii_start().strip_prefix(b":") else { continue };
                match name {
                    b"features" if depth == 1 => return Some(OwnType::Collection),
                    b"type" if depth == 1 => return type_named(value.trim_ascii_start()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the bytes of a string up to its closing quote, and what follows it.
fn json_string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', text.get(from..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
        from = at + 2;
    }
}

/// Returns what the value of a `type` member means.
fn type_named(value: &[u8]) -> Option<OwnType> {
    let (name, _) = json_string(value.strip_prefix(b"\"")?)?;
    match name {
        b"FeatureCollection" => Some(OwnType::Collection),
        b"Feature"
        | b"GeometryCollection"
        | b"Point"
        | b"LineString"
        | b"Polygon"
        | b"MultiPoint"
        | b"MultiLineString"
        | b"MultiPolygon" => Some(OwnType::Member),
        _ => None,
    }
}

/// Returns whether the first line of several is an object.
fn is_sequence(text: &[u8]) -> bool {
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    text.starts_with(b"{")
        && first_line.len() < text.trim_ascii_end().len()
        && first_line.trim_ascii_end().ends_with(b"}")
}

fn looks_like_text(head: &[u8]) -> bool {
    let sample = head.get(..head.len().min(4096)).unwrap_or(head);
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    !sample.iter().any(is_control) && memchr::memchr2(b',', b'\n', sample).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(path: &str, head: &[u8]) -> Option<&'static str> {
        detect(path, head).map(|found| found.format.describe().name)
    }

    #[test]
    fn suffixes_decide_first() {
        assert_eq!(name_of("a.parquet", b""), Some("PARQUET"));
        assert_eq!(name_of("s3://b/a.csv.gz", b""), Some("CSV"));
        assert_eq!(name_of("a.tsv", b""), Some("TSV"));
        assert_eq!(name_of("a.TAB.gz", b""), Some("TSV"));
        assert_eq!(name_of("a.geojsonl", b""), Some("GEOJSONSEQ"));
        assert_eq!(name_of("a.geojson.zst", b""), Some("GEOJSON"));
        assert_eq!(name_of("a.arrows", b""), Some("ARROW"));
        assert_eq!(name_of("a.SHP", b""), Some("SHAPEFILE"));
        assert_eq!(name_of("a.geojsonl.json", b""), Some("GEOJSONSEQ"));
    }

    #[test]
    fn content_decides_for_json_and_without_a_suffix() {
        let collection = br#"{"type":"FeatureCollection","features":[]}"#;
        let sequence = b"{\"type\":\"Feature\",\"geometry\":null}\n{\"type\":\"Feature\"}\n";
        assert_eq!(name_of("a.json", collection), Some("GEOJSON"));
        assert_eq!(name_of("a.json", br#"[{"a":1}]"#), Some("JSON"));
        assert_eq!(name_of("a.json", sequence), Some("GEOJSONSEQ"));
        let late = br#"{"features":[{"type":"Feature"}],"type":"FeatureCollection"}"#;
        assert_eq!(name_of("a.json", late), Some("GEOJSON"));
        assert_eq!(name_of("a.json", br#"{"type":"Point","coordinates":[1,2]}"#), Some("GEOJSON"));
        assert_eq!(name_of("a", b"PAR1...."), Some("PARQUET"));
        assert_eq!(name_of("a", b"fgb\x03fgb\x00...."), Some("FLATGEOBUF"));
        assert_eq!(name_of("a.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader"), Some("OSM"));
        let database = |application: &[u8]| {
            let mut head = b"SQLite format 3\0".to_vec();
            head.resize(68, 0);
            head.extend(application);
            name_of("a.db", &head)
        };
        assert_eq!((database(b"GPKG"), database(b"\0\0\0\0")), (Some("GEOPACKAGE"), None));
        assert_eq!(name_of("a", b"x,y\n1,2\n"), Some("CSV"));
        assert_eq!(name_of("a", &[0, 1, 2]), None);
        assert_eq!(name_of("a", b""), None);
    }

    #[test]
    fn rows_that_hold_a_geometry_are_plain_json() {
        let rows =
            b"{\"a\":\"x\\\"\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}\n{}\n";
        assert_eq!(name_of("a.ndjson", rows), Some("JSON"));
        assert_eq!(name_of("a.json", br#"[{"type":"road","coordinates":1}]"#), Some("JSON"));
    }

    #[test]
    fn compressed_content_is_looked_into() {
        let head = zstd::encode_all(&br#"{"type":"FeatureCollection","features":[]}"#[..], 1);
        let found = detect("data", &head.unwrap()).unwrap();
        assert_eq!(found.format.describe().name, "GEOJSON");
        assert_eq!(found.compression, Compression::Zstd);
    }
}
