//! Tests of reading and writing GeoJSON.

use super::{parse, write, write_with_crs};
use crate::{Geometry, GeometryError, wkt};

fn to_wkt(json: &str) -> String {
    let wkb = parse(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    wkt::format(Geometry::try_new(&wkb).expect("what was written can be read"), 15)
}

fn to_json(text: &str, max_decimals: usize) -> String {
    let (wkb, _) = wkt::parse(text).expect("good WKT");
    let mut out = String::new();
    write(&mut out, Geometry::try_new(&wkb).expect("good WKB"), max_decimals);
    out
}

#[test]
fn every_kind_is_read() {
    let cases = [
        (r#"{"type":"Point","coordinates":[1,2]}"#, "POINT(1 2)"),
        (r#"{"coordinates":[1,2.5,3],"type":"Point"}"#, "POINT Z (1 2.5 3)"),
        (r#"{"type":"Point","coordinates":[1,2,3,4,5]}"#, "POINT Z (1 2 3)"),
        (r#"{"type":"Point","coordinates":[]}"#, "POINT EMPTY"),
        (
            r#" { "type" : "LineString" , "coordinates" : [ [0,0] , [1,1,5] ] } "#,
            "LINESTRING Z (0 0 0,1 1 5)",
        ),
        (r#"{"type":"LineString","coordinates":[]}"#, "LINESTRING EMPTY"),
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[]]}"#,
            "POLYGON((0 0,1 0,1 1,0 0))",
        ),
        (r#"{"type":"Polygon","coordinates":[[],[[0,0],[1,0],[1,1],[0,0]]]}"#, "POLYGON EMPTY"),
        (r#"{"type":"MultiPoint","coordinates":[[0,0],[]]}"#, "MULTIPOINT((0 0))"),
        (
            r#"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}"#,
            "MULTILINESTRING((0 0,1 1))",
        ),
        (
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}"#,
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
        ),
        (
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#,
            "GEOMETRYCOLLECTION(POINT(1 2))",
        ),
        (r#"{"type":"GeometryCollection","geometries":[]}"#, "GEOMETRYCOLLECTION EMPTY"),
        (
            r#"{"x":{"a":"}\"","b":[1,{"c":null}]},"type":"Point","coordinates":[-1e2,2E-1]}"#,
            "POINT(-100 0.2)",
        ),
        (r#"{"type":"Point","coordinates":["1","-2.5"]}"#, "POINT(1 -2.5)"),
        (r#"{"type":"point","crs":{"type":"name"},"coordinates":[1,2]}"#, "POINT(1 2)"),
    ];
    for (json, expected) in cases {
        assert_eq!(to_wkt(json), expected, "{json}");
    }
}

#[test]
fn broken_json_is_refused() {
    for json in [
        "",
        "null",
        "[]",
        "{}",
        "{",
        r#"{"type":"Point"}"#,
        r#"{"type":"Point","coordinates":[1]}"#,
        r#"{"type":"Point","coordinates":[1,null]}"#,
        r#"{"type":"Point","coordinates":["1x",2]}"#,
        r#"{"type":"Point","coordinates":["",2]}"#,
        r#"{"type":"Point","coordinates":null}"#,
        r#"{"type":"Point","coordinates":[1,2]"#,
        r#"{"type":"Point","coordinates":[1,2]}}"#,
        r#"{"type":"Point","coordinates":[1,2,]}"#,
        r#"{"type":"Point","coordinates":[[1,2]]}"#,
        r#"{"type":"LineString","coordinates":[1,2]}"#,
        r#"{"type":"LineString","coordinates":[[1,2],[]]}"#,
        r#"{"type":"Polygon","coordinates":[[1,2],[3,4]]}"#,
        r#"{"type":"Circle","coordinates":[1,2]}"#,
        r#"{"type":5,"coordinates":[1,2]}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}"#,
        r#"{"type":"FeatureCollection","features":[]}"#,
        r#"{"type":"GeometryCollection","geometries":[null]}"#,
        r#"{"type":"Point","coordinates":[1,2],"x":}"#,
        r#"{"type":"Point","coordinates":[1,2],"x":[}]}"#,
        r#"{"type":"Point\"#,
    ] {
        let result = parse(json);
        assert!(matches!(result, Err(GeometryError::InvalidGeoJson { .. })), "{json}: {result:?}");
    }
}

#[test]
fn every_prefix_is_refused() {
    let json = r#"{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[[[0,0,1],[1,0,1],[1,1,1],[0,0,1]]]}],"x":"\u0041\""}"#;
    for prefix in (0..json.len()).filter_map(|end| json.get(..end)) {
        assert!(parse(prefix).is_err(), "{prefix}");
    }
    assert!(parse(json).is_ok());
}

#[test]
fn deep_nesting_is_refused() {
    let nested = r#"{"type":"GeometryCollection","geometries":["#.repeat(100_000);
    assert!(parse(&nested).is_err());
    let brackets = format!(r#"{{"type":"Point","coordinates":{}"#, "[".repeat(1_000_000));
    assert!(parse(&brackets).is_err());
}

#[test]
fn every_kind_is_written() {
    let cases = [
        ("POINT(1 2)", r#"{"type":"Point","coordinates":[1,2]}"#),
        ("POINT Z (1 2 3)", r#"{"type":"Point","coordinates":[1,2,3]}"#),
        ("POINT M (1 2 3)", r#"{"type":"Point","coordinates":[1,2]}"#),
        ("POINT EMPTY", r#"{"type":"Point","coordinates":[]}"#),
        ("POLYGON EMPTY", r#"{"type":"Polygon","coordinates":[]}"#),
        ("MULTIPOINT((1 2),EMPTY)", r#"{"type":"MultiPoint","coordinates":[[1,2],[]]}"#),
        (
            "LINESTRING(0.1234567891234 0,1 1)",
            r#"{"type":"LineString","coordinates":[[0.123456789,0],[1,1]]}"#,
        ),
        (
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}"#,
        ),
        (
            "GEOMETRYCOLLECTION(POINT(1 2))",
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#,
        ),
        ("POINT(Inf 2)", r#"{"type":"Point","coordinates":[null,2]}"#),
    ];
    for (text, expected) in cases {
        assert_eq!(to_json(text, 9), expected, "{text}");
    }
}

#[test]
fn the_crs_member_is_escaped() {
    let point = crate::write::point_xy(1.0, 2.0);
    let mut out = String::new();
    write_with_crs(&mut out, Geometry::try_new(&point).expect("a point"), 9, Some("a\"b"));
    assert_eq!(
        out,
        r#"{"type":"Point","crs":{"type":"name","properties":{"name":"a\"b"}},"coordinates":[1,2]}"#
    );
}
