//! Tests of reading and writing GML.

use super::{Version, WriteOptions, parse, write};
use crate::{Geometry, wkt};

fn read(text: &str) -> Option<String> {
    let (wkb, srid) = parse(text).ok()?;
    Some(wkt::format_ewkt(Geometry::try_new(&wkb).unwrap(), srid, 15))
}

const PLAIN: WriteOptions<'static> = WriteOptions {
    max_decimals: 15,
    srs_name: None,
    prefix: "gml",
    id: None,
    with_dimensions: true,
    short_lines: false,
    latitude_first: false,
    only_bounds: false,
};

#[test]
fn every_kind_survives_a_round_trip() {
    for text in [
        "POINT(1.5 -2)",
        "LINESTRING(1 2 3,4 5 6)",
        "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))",
        "MULTIPOINT(1 2,3 4)",
        "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
        "MULTIPOLYGON(((0 0,9 0,9 9,0 0)),((20 0,29 0,29 9,20 0)))",
        "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION(LINESTRING(1 2,3 4)))",
    ] {
        let (wkb, _) = wkt::parse(text).unwrap();
        for version in [Version::Two, Version::Three] {
            for short_lines in [true, false] {
                let options = WriteOptions { short_lines, ..PLAIN };
                let gml = write(Geometry::try_new(&wkb).unwrap(), version, &options);
                assert_eq!(read(&gml.unwrap().unwrap()).as_deref(), Some(text));
            }
        }
    }
}

#[test]
fn a_defined_reference_system_has_the_latitude_first() {
    let point = |name: &str| read(&format!("<Point srsName='{name}'><pos>60 25</pos></Point>"));
    let straight = Some("SRID=4326;POINT(60 25)".to_owned());
    assert_eq!(point("EPSG:4326"), straight);
    assert_eq!(point("http://www.opengis.net/gml/srs/epsg.xml#4326"), straight);
    assert_eq!(point("urn:ogc:def:crs:EPSG::4326").unwrap(), "SRID=4326;POINT(25 60)");
    assert_eq!(point("urn:ogc:def:crs:EPSG::3857").unwrap(), "SRID=3857;POINT(60 25)");
    assert_eq!(point("urn:ogc:def:crs:EPSG::3035").unwrap(), "SRID=3035;POINT(25 60)");
    assert_eq!(point("EPSG:3035").unwrap(), "SRID=3035;POINT(60 25)");
    for name in ["4326", "EPSG:", "EPSG:43x", "CRS84", "EPSG:0", "EPSG:99999", "EPSG:99999999999"] {
        assert_eq!(point(name), None, "{name}");
    }
}

#[test]
fn references_that_go_round_or_nowhere_are_refused() {
    let wrapped = |inner: &str| {
        format!(
            "<gml:MultiGeometry xmlns:gml='http://www.opengis.net/gml' \
             xmlns:x='http://www.w3.org/1999/xlink' gml:id='m'>{inner}</gml:MultiGeometry>"
        )
    };
    let link = |id: &str| {
        format!(
            "<gml:geometryMember><gml:MultiGeometry x:type='simple' x:href='#{id}'/></gml:geometryMember>"
        )
    };
    let named = |id: &str, inner: &str| {
        format!(
            "<gml:geometryMember><gml:MultiGeometry gml:id='{id}'>{inner}</gml:MultiGeometry></gml:geometryMember>"
        )
    };
    assert_eq!(read(&wrapped(&link("m"))), None);
    assert_eq!(read(&wrapped(&link("nowhere"))), None);
    assert_eq!(read(&wrapped(&[named("a", &link("b")), named("b", &link("a"))].concat())), None);
    let mut doubling = named("a0", "");
    for level in 1..40 {
        let links = link(&format!("a{}", level - 1)).repeat(2);
        doubling.push_str(&named(&format!("a{level}"), &links));
    }
    assert_eq!(read(&wrapped(&doubling)), None);
}

#[test]
fn truncated_gml_is_an_error_or_a_geometry() {
    let whole = "<gml:MultiCurve srsName=\"EPSG:4326\"><gml:curveMember><gml:Curve><gml:segments>\
                 <gml:LineStringSegment><gml:posList srsDimension=\"3\">1 2 3 4 5 6</gml:posList>\
                 </gml:LineStringSegment></gml:segments></gml:Curve></gml:curveMember>\
                 </gml:MultiCurve>";
    assert!(read(whole).is_some());
    for end in 0..whole.len() {
        assert_eq!(read(whole.get(..end).unwrap()), None);
    }
}
