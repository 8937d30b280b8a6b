//! Arcs and surfaces as a whole.

use super::*;
use crate::{Geometry, Kind, Layout, wkt};

/// One of every kind beyond simple features, and some that are nested.
pub(crate) const SAMPLES: [&str; 12] = [
    "CIRCULARSTRING(0 0,1 1,2 0)",
    "CIRCULARSTRING Z (0 0 1,2 0 5,0 0 1)",
    "COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,0 0))",
    "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,0 0)),(0.5 0.1,1 0.1,1 0.2,0.5 0.1))",
    "CURVEPOLYGON M (CIRCULARSTRING M (0 0 1,2 0 2,0 0 3))",
    "MULTICURVE((0 0,1 1),CIRCULARSTRING(0 0,1 1,2 0),COMPOUNDCURVE((5 5,6 6)))",
    "MULTISURFACE(((0 0,1 1,1 0,0 0)),CURVEPOLYGON(CIRCULARSTRING(0 0,2 0,0 0)))",
    "POLYHEDRALSURFACE Z (((0 0 0,0 0 1,0 1 0,0 0 0)),((0 0 0,0 1 0,1 0 0,0 0 0)),\
     ((0 0 0,1 0 0,0 0 1,0 0 0)),((1 0 0,0 1 0,0 0 1,1 0 0)))",
    "TIN(((0 0,1 1,1 0,0 0)),((0 0,1 1,0 1,0 0)))",
    "TRIANGLE ZM ((0 0 1 2,1 1 1 2,1 0 1 2,0 0 1 2))",
    "GEOMETRYCOLLECTION(POINT(9 9),TIN(((0 0,1 1,1 0,0 0))),MULTICURVE(CIRCULARSTRING(0 0,1 1,2 0)))",
    "MULTISURFACE(EMPTY,CURVEPOLYGON EMPTY)",
];

fn read(text: &str) -> Vec<u8> {
    wkt::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).0
}

fn show(wkb: &[u8], decimals: usize) -> String {
    wkt::format(Geometry::try_any(wkb).unwrap(), decimals)
}

#[test]
fn every_kind_survives_text_and_bytes() {
    for sample in SAMPLES {
        let wkb = read(sample);
        assert_eq!(show(&wkb, 15), sample);
        let geometry = Geometry::try_any(&wkb).unwrap();
        assert!(!geometry.is_basic());
        let error = Geometry::try_new(&wkb).unwrap_err();
        assert_eq!(error, crate::GeometryError::NotBasic { kind: geometry.kind() });
        let ewkb = crate::to_ewkb(geometry, Some(4326));
        let again = Geometry::try_any(&ewkb).unwrap();
        assert_eq!((again.srid(), again.kind()), (Some(4326), geometry.kind()));
        assert_eq!(crate::to_iso(again).as_ref(), wkb.as_slice(), "{sample}");
        assert_eq!(reverse(Geometry::try_any(&reverse(geometry)).unwrap()), wkb, "{sample}");
    }
    for kind in Kind::ALL {
        let empty = read(&format!("{} EMPTY", kind.wkt_name()));
        let geometry = Geometry::try_any(&empty).unwrap();
        assert!(geometry.is_empty() && geometry.kind() == kind);
        assert_eq!(geometry.bounds(), None);
        assert!(Geometry::try_new(&to_basic(geometry).unwrap()).unwrap().is_empty());
        assert_eq!(kind.is_collection(), kind.layout() == Layout::Members);
        assert_eq!(Kind::from_code(kind.code()), Some(kind));
    }
}

#[test]
fn every_kind_becomes_basic() {
    for sample in SAMPLES {
        let wkb = read(sample);
        let geometry = Geometry::try_any(&wkb).unwrap();
        let basic = to_basic(geometry).unwrap();
        let basic = Geometry::try_new(&basic).unwrap();
        assert_eq!(basic.dimension(), geometry.dimension());
        let (Some(exact), Some(drawn)) = (geometry.bounds(), basic.bounds()) else { continue };
        assert!(exact.contains(&drawn), "{sample}: {drawn:?} in {exact:?}");
        assert!(drawn.expand(0.001).contains(&exact), "{sample}: {drawn:?} in {exact:?}");
    }
    assert_eq!(
        show(&to_basic(Geometry::try_any(&read(SAMPLES[8])).unwrap()).unwrap(), 15),
        "GEOMETRYCOLLECTION(POLYGON((0 0,1 1,1 0,0 0)),POLYGON((0 0,1 1,0 1,0 0)))"
    );
}

#[test]
fn boxes_hold_the_bulge_of_arcs() {
    let bounds = |text: &str| {
        let bounds = Geometry::try_any(&read(text)).unwrap().bounds().unwrap();
        [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax]
    };
    assert_eq!(bounds("CIRCULARSTRING(0 0,1 1,2 0)"), [0.0, 0.0, 2.0, 1.0]);
    assert_eq!(bounds("CIRCULARSTRING(0 0,1 -1,2 0)"), [0.0, -1.0, 2.0, 0.0]);
    assert_eq!(bounds("CIRCULARSTRING(0 0,2 0,0 0)"), [0.0, -1.0, 2.0, 1.0]);
    assert_eq!(bounds("CIRCULARSTRING(0 0,1 0,3 0)"), [0.0, 0.0, 3.0, 0.0]);
    let corner = bounds("CIRCULARSTRING(1 0,0.7071067811865476 0.7071067811865476,0 1)");
    assert!(corner[0].abs() < 1e-15 && corner[1].abs() < 1e-15);
    // Most of a circle, from a little above its leftmost position to a little below.
    let most = bounds("CIRCULARSTRING(-0.8 0.6,1 0,-0.8 -0.6)");
    assert_eq!(most.map(f64::round), [-1.0, -1.0, 1.0, 1.0]);
    assert_eq!(most[0], -0.8);
}

#[test]
fn arcs_are_drawn_as_asked() {
    let drawn = |text: &str, tolerance, flags: i64, decimals| {
        let stroke = Stroke { tolerance, symmetric: flags & 1 != 0, retain_angle: flags & 2 != 0 };
        let wkb = read(text);
        let line = to_line(Geometry::try_any(&wkb).unwrap(), &stroke).unwrap().into_owned();
        show(&line, decimals)
    };
    let (half, back) = ("CIRCULARSTRING(0 0,1 1,2 0)", "CIRCULARSTRING(2 0,1 1,0 0)");
    let angle = Tolerance::MaxAngle(0.7);
    for (text, tolerance, flags, expected) in [
        (
            half,
            Tolerance::SegmentsPerQuadrant(2),
            0,
            "LINESTRING(0 0,0.293 0.707,1 1,1.707 0.707,2 0)",
        ),
        (half, angle, 0, "LINESTRING(0 0,0.235 0.644,0.83 0.985,1.505 0.863,1.942 0.335,2 0)"),
        (half, angle, 1, "LINESTRING(0 0,0.191 0.588,0.691 0.951,1.309 0.951,1.809 0.588,2 0)"),
        (half, angle, 3, "LINESTRING(0 0,0.015 0.17,0.356 0.765,1 1,1.644 0.765,1.985 0.17,2 0)"),
        (back, angle, 3, "LINESTRING(2 0,1.985 0.17,1.644 0.765,1 1,0.356 0.765,0.015 0.17,0 0)"),
        (half, Tolerance::MaxDeviation(9.0), 0, "LINESTRING(0 0,1 1,2 0)"),
        ("CIRCULARSTRING(0 0,1 0,3 0)", angle, 0, "LINESTRING(0 0,1 0,3 0)"),
        ("CIRCULARSTRING(5 5,5 5,5 5)", angle, 0, "LINESTRING(5 5,5 5,5 5)"),
        (
            "CIRCULARSTRING Z (0 0 0,2 0 4,0 0 0)",
            Tolerance::SegmentsPerQuadrant(1),
            0,
            "LINESTRING Z (0 0 0,1 -1 2,2 0 4,0 0 0)",
        ),
    ] {
        assert_eq!(drawn(text, tolerance, flags, 3), expected, "{text}");
    }
    let tiny = Stroke { tolerance: Tolerance::MaxAngle(1e-300), ..Stroke::default() };
    assert!(to_line(Geometry::try_any(&read(half)).unwrap(), &tiny).is_err());
    let lost = Stroke { tolerance: Tolerance::MaxDeviation(1e-300), ..Stroke::default() };
    assert!(to_line(Geometry::try_any(&read(half)).unwrap(), &lost).is_err());
}

#[test]
fn arcs_are_found_again() {
    let found = |text: &str| {
        let wkb = read(text);
        let line = to_basic(Geometry::try_any(&wkb).unwrap()).unwrap().into_owned();
        show(&to_curve(Geometry::try_new(&line).unwrap()), 6)
    };
    for text in [
        "CIRCULARSTRING(0 0,1 1,2 0)",
        "COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,9 0,9 9))",
        "MULTICURVE((0 0,1 1),CIRCULARSTRING(0 0,1 1,2 0))",
        "LINESTRING(0 0,10 0,10 10,0 10)",
        "POLYGON((0 0,10 0,10 10,0 10,0 0))",
        "POINT(1 2)",
    ] {
        assert_eq!(found(text).replace("-0,", "0,"), text);
    }
    // A circle is drawn without its last vertex, so it ends in a segment.
    let circle = found("CURVEPOLYGON(CIRCULARSTRING(0 0,2 0,0 0))");
    assert!(circle.starts_with("CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,"), "{circle}");
}

#[test]
fn arcs_have_their_own_length() {
    let measured = |measure: fn(Geometry<'_>) -> f64, text: &str| {
        measure(Geometry::try_any(&read(text)).unwrap())
    };
    let pi = std::f64::consts::PI;
    assert_eq!(measured(length, "CIRCULARSTRING(0 0,1 1,2 0)"), pi);
    assert_eq!(measured(length, "CIRCULARSTRING(0 0,2 0,0 0)"), 2.0 * pi);
    assert_eq!(measured(length, SAMPLES[2]), pi + 2.0);
    assert_eq!(measured(perimeter, "CURVEPOLYGON(CIRCULARSTRING(0 0,2 0,0 0))"), 2.0 * pi);
    assert_eq!(measured(perimeter, "TRIANGLE((0 0,3 0,3 4,0 0))"), 12.0);
    assert_eq!(measured(length, "TRIANGLE((0 0,3 0,3 4,0 0))"), 0.0);
}

#[test]
fn surfaces_that_enclose_a_volume_are_closed() {
    for (text, expected, closed) in [
        (SAMPLES[7], 3, true),
        (SAMPLES[8], 2, false),
        ("TIN Z (((0 0 0,1 0 0,0 1 0,0 0 0)))", 2, false),
        (SAMPLES[2], 1, true),
        (SAMPLES[0], 1, false),
        ("CURVEPOLYGON(CIRCULARSTRING(0 0,2 0,0 0))", 2, true),
        ("TIN EMPTY", 2, false),
    ] {
        let wkb = read(text);
        let geometry = Geometry::try_any(&wkb).unwrap();
        assert_eq!((dimension(geometry), is_closed(geometry)), (expected, closed), "{text}");
    }
}

#[test]
fn bytes_that_no_kind_allows_are_refused() {
    let arcs = read("CIRCULARSTRING(0 0,1 1,2 0)");
    let mut even = arcs.clone();
    even[5] = 2;
    assert!(Geometry::try_any(&even).is_err());
    let mut named = arcs;
    named[1] = 14;
    assert!(Geometry::try_any(&named).is_err());
    let mut tin = read("TIN(((0 0,1 1,1 0,0 0)))");
    tin[10] = 3;
    assert!(Geometry::try_any(&tin).unwrap_err().to_string().contains("cannot contain a POLYGON"));
}
