//! Tests of reading and writing WKT.

use crate::wkt::{format, format_ewkt, parse};
use crate::{Dimension, Geometry, GeometryError};

fn round_trip(text: &str) -> String {
    let (wkb, srid) = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let geometry = Geometry::try_new(&wkb).expect("what was written can be read");
    assert!(geometry.is_canonical());
    assert_eq!(geometry.bytes().len(), wkb.len());
    assert_eq!(srid, None);
    format(geometry, 15)
}

#[test]
fn canonical_text_is_kept() {
    for text in [
        "POINT(1 2)",
        "POINT Z (1 2 3)",
        "POINT M (1 2 3)",
        "POINT ZM (1 2 3 4)",
        "POINT EMPTY",
        "POINT Z EMPTY",
        "LINESTRING(0 0,1 1.5)",
        "LINESTRING EMPTY",
        "POLYGON((0 0,1 0,1 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))",
        "POLYGON EMPTY",
        "MULTIPOINT((0 0),(1 1))",
        "MULTIPOINT(EMPTY,(1 1))",
        "MULTIPOINT Z ((0 0 1),(1 1 2))",
        "MULTILINESTRING((0 0,1 1),EMPTY)",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),EMPTY)",
        "MULTIPOLYGON(EMPTY)",
        "GEOMETRYCOLLECTION EMPTY",
        "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION(LINESTRING(0 0,1 1)),POINT EMPTY)",
        "GEOMETRYCOLLECTION Z (POINT Z (1 2 3),POINT Z EMPTY)",
        "GEOMETRYCOLLECTION M (POINT M (1 2 3))",
        "POINT(1e+20 1e-10)",
    ] {
        assert_eq!(round_trip(text), text);
    }
}

#[test]
fn loose_text_is_accepted() {
    let cases = [
        (" point ( 1   2 ) ", "POINT(1 2)"),
        ("POINTZ(1 2 3)", "POINT Z (1 2 3)"),
        ("POINT(1 2 3)", "POINT Z (1 2 3)"),
        ("PointZM (1 2 3 4)", "POINT ZM (1 2 3 4)"),
        ("POINT Zm(1 2 3 4)", "POINT ZM (1 2 3 4)"),
        ("POINT(1 2 3 4)", "POINT ZM (1 2 3 4)"),
        ("POINTM(1 2 3)", "POINT M (1 2 3)"),
        ("MULTIPOINT(0 0, 1 1)", "MULTIPOINT((0 0),(1 1))"),
        ("MULTIPOINT(0 0 5, EMPTY, (1 1 6))", "MULTIPOINT Z ((0 0 5),EMPTY,(1 1 6))"),
        ("MULTIPOINT(EMPTY, 1 1 6)", "MULTIPOINT Z (EMPTY,(1 1 6))"),
        ("GEOMETRYCOLLECTION(POINT(1 2 3))", "GEOMETRYCOLLECTION Z (POINT Z (1 2 3))"),
        ("GEOMETRYCOLLECTION(POINTM(1 2 3))", "GEOMETRYCOLLECTION M (POINT M (1 2 3))"),
        ("POINT(NaN NaN)", "POINT EMPTY"),
        ("POINT(Inf -infinity)", "POINT(Infinity -Infinity)"),
        ("POINT(-.5 1.)", "POINT(-0.5 1)"),
        ("LINESTRING\t(1e2 1E-2,\n-1.5e+1 0)", "LINESTRING(100 0.01,-15 0)"),
    ];
    for (text, expected) in cases {
        assert_eq!(round_trip(text), expected, "{text}");
    }
}

#[test]
fn srids_are_read_and_written() {
    for (text, srid) in [
        ("SRID=4326;POINT(1 2)", Some(4326)),
        ("srid=0;POINT(1 2)", None),
        ("SRID=999999;POINT(1 2)", Some(999_999)),
        ("SRID=1000000;POINT(1 2)", Some(999_001)),
        ("SRID=12345678;POINT(1 2)", Some(999_036)),
    ] {
        let (wkb, found) = parse(text).expect("a point");
        assert_eq!(found, srid);
        let geometry = Geometry::try_new(&wkb).expect("a point");
        assert_eq!(geometry.srid(), None);
    }
    let cases = [
        ("POINT M (1 2 3)", "SRID=3857;POINTM(1 2 3)"),
        ("POINT Z (1 2 3)", "SRID=3857;POINT(1 2 3)"),
        ("POINT M EMPTY", "SRID=3857;POINTM EMPTY"),
        ("POINT ZM (1 2 3 4)", "SRID=3857;POINT(1 2 3 4)"),
        ("GEOMETRYCOLLECTION M (POINT M (1 2 3))", "SRID=3857;GEOMETRYCOLLECTIONM(POINTM(1 2 3))"),
    ];
    for (text, expected) in cases {
        let (wkb, _) = parse(text).expect("a geometry");
        let geometry = Geometry::try_new(&wkb).expect("a geometry");
        assert_eq!(format_ewkt(geometry, Some(3857), 15), expected);
    }
}

#[test]
fn nonsense_is_refused() {
    for text in [
        "",
        " ",
        "POINT",
        "POINT(",
        "POINT()",
        "POINT(1)",
        "POINT(1 2",
        "POINT(1 2))",
        "POINT(1 2) x",
        "POINT(1,2)",
        "POINT(1 2,3 4)",
        "POINT(1 2 3 4 5)",
        "POINT(1 2x)",
        "POINT(a b)",
        "POINT Z (1 2)",
        "POINT ZM (1 2 3)",
        "POINT Q (1 2)",
        "LINESTRING(0 0)",
        "LINESTRING()",
        "LINESTRING(0 0,1 1 1)",
        "LINESTRING(0 0,,1 1)",
        "LINESTRING(0 0,1 1,)",
        "POLYGON(0 0,1 1,2 2,0 0)",
        "POLYGON((0 0,1 0,0 0))",
        "POLYGON((0 0,1 0,1 1,0 1))",
        "POLYGON((0 0,1 0,1 1,0 0),(0 0,1 1))",
        "POLYGON((0 0 1,1 0 1,1 1 1,0 0 1),(0 0,1 0,1 1,0 0))",
        "MULTIPOINT()",
        "MULTIPOLYGON((0 0,1 0,1 1,0 0))",
        "GEOMETRYCOLLECTION()",
        "GEOMETRYCOLLECTION(EMPTY)",
        "GEOMETRYCOLLECTION(POINT Z (1 2 3),POINT(1 2))",
        "GEOMETRYCOLLECTION Z (POINT(1 2))",
        "GEOMETRYCOLLECTION M (POINT(1 2 3))",
        "GEOMETRYCOLLECTION(SRID=4326;POINT(1 2))",
        "CIRCULARSTRING(0 0,1 1)",
        "CIRCULARSTRING(0 0,1 1,2 0,3 1)",
        "COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(3 0,4 0))",
        "COMPOUNDCURVE((0 0,1 1),EMPTY)",
        "COMPOUNDCURVE(COMPOUNDCURVE((0 0,1 1)))",
        "CURVEPOLYGON((0 0,1 0,0 0))",
        "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0))",
        "CURVEPOLYGON(EMPTY)",
        "MULTICURVE(POLYGON((0 0,1 0,1 1,0 0)))",
        "MULTISURFACE((0 0,1 1))",
        "TRIANGLE((0 0,1 0,1 1,0 1,0 0))",
        "TRIANGLE((0 0,1 0,1 1,0 0),(0 0,1 0,1 1,0 0))",
        "TIN(EMPTY)",
        "TIN(TRIANGLE((0 0,1 0,1 1,0 0)))",
        "POLYHEDRALSURFACE(((0 0 0,1 0 0,1 1 0,0 0 1)))",
        "SURFACE(1 2)",
        "SRID=4326",
        "SRID=;POINT(1 2)",
        "SRID=4326 POINT(1 2)",
        "SRID=99999999999;POINT(1 2)",
        "POINT(\u{1F30D} 2)",
        "\u{feff}POINT(1 2)",
        "{\"type\":\"Point\"}",
    ] {
        let result = parse(text);
        assert!(matches!(result, Err(GeometryError::InvalidWkt { .. })), "{text}: {result:?}");
    }
}

#[test]
fn every_prefix_of_good_text_is_refused_or_read() {
    let text = "SRID=1;GEOMETRYCOLLECTION Z (POLYGON((0 0 1,1 0 1,1 1 1,0 0 1)),MULTIPOINT(1 1 1))";
    for prefix in (0..text.len()).filter_map(|end| text.get(..end)) {
        assert!(parse(prefix).is_err(), "{prefix}");
    }
    assert!(parse(text).is_ok());
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |depth: usize| {
        format!("{}POINT(1 2){}", "GEOMETRYCOLLECTION(".repeat(depth), ")".repeat(depth))
    };
    let (wkb, _) = parse(&deep(64)).expect("64 levels are read");
    assert_eq!(Geometry::try_new(&wkb).expect("64 levels are read").dimension(), Dimension::Xy);
    assert!(parse(&deep(65)).is_err());
    assert!(parse(&deep(1_000_000)).is_err());
    assert!(parse(&"(".repeat(1_000_000)).is_err());
}

#[test]
fn errors_name_the_position() {
    let Err(GeometryError::InvalidWkt { position, reason }) = parse("POINT(1 x)") else {
        panic!("expected an error");
    };
    assert_eq!((position, reason.as_str()), (9, "expected a number, \",\" or \")\""));
    let Err(error) = parse("PONT(1 2)") else { panic!("expected an error") };
    assert_eq!(error.to_string(), "invalid WKT at position 1: unknown geometry type \"PONT\"");
}
