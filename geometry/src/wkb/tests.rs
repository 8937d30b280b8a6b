//! Tests of the WKB walker and writers.

#![expect(clippy::indexing_slicing, reason = "a test that goes out of range should fail")]

use super::{Geometry, WkbWriter, force_dimension, map_coords, to_ewkb, to_iso, write};
use crate::{Bounds, Coord, Dimension, GeometryError, Kind, wkt};

const SAMPLES: [&str; 18] = [
    "POINT(1 2)",
    "POINT Z (1 2 3)",
    "POINT M (1 2 3)",
    "POINT ZM (1 2 3 4)",
    "POINT EMPTY",
    "LINESTRING(0 0,1 1,2 0)",
    "LINESTRING Z (0 0 1,1 1 2)",
    "LINESTRING EMPTY",
    "POLYGON((0 0,4 0,4 4,0 0),(1 0.5,2 0.5,2 1,1 0.5))",
    "POLYGON ZM ((0 0 1 2,4 0 1 2,4 4 1 2,0 0 1 2))",
    "POLYGON EMPTY",
    "MULTIPOINT((0 0),(1 1),EMPTY)",
    "MULTILINESTRING((0 0,1 1),(2 2,3 3))",
    "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
    "GEOMETRYCOLLECTION EMPTY",
    "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))",
    "GEOMETRYCOLLECTION Z (POINT Z (1 2 3),MULTIPOINT Z ((0 0 0)))",
    "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0))))",
];

fn wkb(text: &str) -> Vec<u8> {
    wkt::parse(text).expect("good WKT").0
}

/// Writes a geometry in big-endian ISO WKB.
fn big_endian(geometry: Geometry<'_>, out: &mut Vec<u8>) {
    out.push(0);
    out.extend_from_slice(&geometry.dimension().iso_code(geometry.kind()).to_be_bytes());
    let push_sequence = |sequence: super::Sequence<'_>, out: &mut Vec<u8>| {
        for coord in sequence {
            let size = sequence.dimension().size();
            for ordinate in coord.ordinates(sequence.dimension()).into_iter().take(size) {
                out.extend_from_slice(&ordinate.to_be_bytes());
            }
        }
    };
    let count = |number: usize| u32::try_from(number).expect("a small count").to_be_bytes();
    match geometry.kind() {
        Kind::Point => {
            let size = geometry.dimension().size();
            let coord = geometry.point().unwrap_or(Coord::NAN);
            for ordinate in coord.ordinates(geometry.dimension()).into_iter().take(size) {
                out.extend_from_slice(&ordinate.to_be_bytes());
            }
        }
        Kind::LineString => {
            let line = geometry.line().expect("a line");
            out.extend_from_slice(&count(line.len()));
            push_sequence(line, out);
        }
        Kind::Polygon => {
            out.extend_from_slice(&count(geometry.rings().len()));
            for ring in geometry.rings() {
                out.extend_from_slice(&count(ring.len()));
                push_sequence(ring, out);
            }
        }
        _ => {
            out.extend_from_slice(&count(geometry.part_count()));
            for part in geometry.parts() {
                big_endian(part, out);
            }
        }
    }
}

#[test]
fn every_form_reads_the_same() {
    for text in SAMPLES {
        let iso = wkb(text);
        let geometry = Geometry::try_new(&iso).expect("good WKB");
        assert!(geometry.is_canonical());
        assert_eq!(to_iso(geometry).as_ref(), iso.as_slice());

        let ewkb = to_ewkb(geometry, Some(4326));
        let extended = Geometry::try_new(&ewkb).expect("good EWKB");
        assert_eq!(extended.srid(), Some(4326));
        assert!(!extended.is_canonical());
        assert_eq!(to_iso(extended).as_ref(), iso.as_slice(), "{text}");
        let without_srid = to_ewkb(geometry, None);
        assert_eq!(without_srid.len(), iso.len());
        let extended = Geometry::try_new(&without_srid).expect("good EWKB");
        assert_eq!(extended.srid(), None);
        assert_eq!(to_iso(extended).as_ref(), iso.as_slice(), "{text}");

        let mut big = Vec::new();
        big_endian(geometry, &mut big);
        let big = Geometry::try_new(&big).expect("good big-endian WKB");
        assert!(!big.is_canonical());
        assert_eq!(to_iso(big).as_ref(), iso.as_slice(), "{text}");
        assert_eq!(big.bounds(), geometry.bounds());
        assert_eq!(big.is_empty(), geometry.is_empty());
        assert_eq!(big.coord_count(), geometry.coord_count());
    }
}

#[test]
fn truncation_at_every_byte_is_refused() {
    for text in SAMPLES {
        let iso = wkb(text);
        let geometry = Geometry::try_new(&iso).expect("good WKB");
        let mut big = Vec::new();
        big_endian(geometry, &mut big);
        for bytes in [iso.clone(), to_ewkb(geometry, Some(1)), big] {
            for end in 0..bytes.len() {
                let result = Geometry::try_new(&bytes[..end]);
                assert!(
                    matches!(result, Err(GeometryError::InvalidWkb { offset, .. }) if offset <= end),
                    "{text} cut at {end}: {result:?}"
                );
            }
        }
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let mut state = 7_u64;
    for text in SAMPLES {
        let iso = wkb(text);
        for _ in 0..2000 {
            let mut bytes = iso.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let index = usize::try_from(state >> 33).expect("31 bits") % bytes.len();
                bytes[index] = (state >> 20).to_le_bytes()[0];
            }
            let Ok(geometry) = Geometry::try_new(&bytes) else { continue };
            let _ = geometry.bounds();
            let _ = geometry.is_empty();
            let _ = wkt::format(geometry, 15);
            let again = to_iso(geometry).into_owned();
            let again = Geometry::try_new(&again).expect("canonical WKB");
            assert_eq!(again.coord_count(), geometry.coord_count());
        }
    }
}

#[test]
fn huge_counts_are_refused() {
    for (code, count) in [(2_u32, u32::MAX), (3, 1 << 31), (4, 1 << 31), (7, u32::MAX)] {
        let mut bytes = vec![1];
        bytes.extend_from_slice(&code.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&[0; 64]);
        assert!(Geometry::try_new(&bytes).is_err(), "{code}");
    }
}

#[test]
fn unknown_types_and_orders_are_refused() {
    for code in [0_u32, 13, 14, 18, 4001, 1000, 0x1000_0001] {
        let mut bytes = vec![1];
        bytes.extend_from_slice(&code.to_le_bytes());
        bytes.extend_from_slice(&[0; 32]);
        let result = Geometry::try_new(&bytes);
        assert!(matches!(result, Err(GeometryError::InvalidWkb { offset: 1, .. })), "{result:?}");
    }
    let mut point = write::point_xy(1.0, 2.0);
    point[0] = 2;
    assert!(Geometry::try_new(&point).is_err());
}

#[test]
fn members_have_the_right_kind() {
    let line = write::line_string([Coord::xy(0.0, 0.0), Coord::xy(1.0, 1.0)], Dimension::Xy);
    let bytes = write::collection(Kind::MultiPoint, Dimension::Xy, &[&line]);
    let error = Geometry::try_new(&bytes).expect_err("a line is no point");
    assert_eq!(
        error.to_string(),
        "invalid WKB at byte 9: a MULTIPOINT cannot contain a LINESTRING"
    );
}

#[test]
fn nesting_is_limited() {
    let mut bytes = write::point_xy(1.0, 2.0);
    for _ in 0..64 {
        bytes = write::collection(Kind::GeometryCollection, Dimension::Xy, &[&bytes]);
    }
    assert!(Geometry::try_new(&bytes).is_ok());
    bytes = write::collection(Kind::GeometryCollection, Dimension::Xy, &[&bytes]);
    assert!(Geometry::try_new(&bytes).is_err());
}

#[test]
fn bytes_behind_the_geometry_are_ignored() {
    let mut bytes = write::point_xy(1.0, 2.0);
    bytes.push(9);
    let geometry = Geometry::try_new(&bytes).expect("a point");
    assert_eq!(geometry.bytes().len(), 21);
}

#[test]
fn walks_visit_everything_once() {
    let bytes = wkb("GEOMETRYCOLLECTION(POINT(1 2),POINT EMPTY,LINESTRING EMPTY,\
         POLYGON((0 0,4 0,4 4,0 0),(1 0.5,2 0.5,2 1,1 0.5)),MULTIPOINT((9 9),EMPTY))");
    let geometry = Geometry::try_new(&bytes).expect("good WKB");
    let mut seen = Vec::new();
    geometry.sequences(&mut |kind, sequence| seen.push((kind, sequence.len())));
    assert_eq!(seen, [(Kind::Point, 1), (Kind::Polygon, 4), (Kind::Polygon, 4), (Kind::Point, 1)]);
    assert_eq!(geometry.coord_count(), 10);
    assert_eq!(geometry.bounds(), Some(Bounds::new(0.0, 0.0, 9.0, 9.0)));
    assert_eq!(geometry.parts().len(), 5);
    let kinds: Vec<_> = geometry.parts().map(Geometry::kind).collect();
    assert_eq!(
        kinds,
        [Kind::Point, Kind::Point, Kind::LineString, Kind::Polygon, Kind::MultiPoint]
    );
    assert!(!geometry.is_empty());
    for text in ["GEOMETRYCOLLECTION(POINT EMPTY,MULTIPOINT(EMPTY))", "POLYGON EMPTY"] {
        let bytes = wkb(text);
        let geometry = Geometry::try_new(&bytes).expect("good WKB");
        assert!(geometry.is_empty());
        assert_eq!(geometry.bounds(), None);
    }
}

#[test]
fn sequences_answer_out_of_range() {
    let bytes = wkb("LINESTRING Z (0 0 1,1 1 2,0 0 1)");
    let line = Geometry::try_new(&bytes).expect("good WKB").line().expect("a line");
    assert!(line.is_closed());
    let coord = line.coord(1);
    assert_eq!((coord.x, coord.y, coord.z), (1.0, 1.0, 2.0));
    assert!(coord.m.is_nan());
    assert!(line.coord(3).is_nan());
    assert!(line.coord(usize::MAX).is_nan());
    assert_eq!(line.iter().rev().count(), 3);
}

#[test]
fn lines_in_every_form_are_copied_and_told_to_be_closed() {
    let check = |bytes: &[u8], expected: bool| {
        let geometry = Geometry::try_new(bytes).expect("good WKB");
        let mut swapped = Vec::new();
        big_endian(geometry, &mut swapped);
        for form in [bytes, &swapped] {
            let line = Geometry::try_new(form).expect("good WKB").line().expect("a line");
            assert_eq!(line.is_closed(), expected, "{form:?}");
            let mut copied = b"before".to_vec();
            write::append_line(&mut copied, line);
            assert_eq!(copied, [b"before".as_slice(), bytes].concat());
        }
    };
    check(&wkb("LINESTRING(0 1,2 3,0 1)"), true);
    check(&wkb("LINESTRING(0 1,2 3,0 2)"), false);
    check(&wkb("LINESTRING EMPTY"), false);
    check(&wkb("LINESTRING Z (0 1 2,3 4 5,0 1 2)"), true);
    check(&wkb("LINESTRING Z (0 1 2,3 4 5,0 1 9)"), false);
    check(&wkb("LINESTRING M (0 1 2,3 4 5,0 1 9)"), true);
    let line = |ends: [f64; 2]| write::line_string(ends.map(|x| Coord::xy(x, 1.0)), Dimension::Xy);
    check(&line([0.0, -0.0]), true);
    check(&line([f64::NAN, f64::NAN]), false);
}

#[test]
fn coordinates_are_mapped_and_dimensions_forced() {
    let bytes =
        wkb("GEOMETRYCOLLECTION Z (POINT Z (1 2 3),LINESTRING Z (0 0 1,1 1 2),POINT Z EMPTY)");
    let geometry = Geometry::try_new(&bytes).expect("good WKB");
    let moved = map_coords(geometry, |coord| Coord { x: coord.x + 1.0, ..coord });
    assert_eq!(
        wkt::format(Geometry::try_new(&moved).expect("good WKB"), 15),
        "GEOMETRYCOLLECTION Z (POINT Z (2 2 3),LINESTRING Z (1 0 1,2 1 2),POINT Z EMPTY)"
    );
    let flat = force_dimension(geometry, Dimension::Xym, 0.0, 7.0);
    assert_eq!(
        wkt::format(Geometry::try_new(&flat).expect("good WKB"), 15),
        "GEOMETRYCOLLECTION M (POINT M (1 2 7),LINESTRING M (0 0 7,1 1 7),POINT M EMPTY)"
    );
}

#[test]
fn the_writer_counts_what_it_is_given() {
    let mut writer = WkbWriter::new(Dimension::Xy);
    let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)].map(|(x, y)| Coord::xy(x, y));
    writer.begin(Kind::GeometryCollection);
    writer.point(Coord::xy(5.0, 5.0));
    writer.begin(Kind::MultiPolygon);
    writer.begin(Kind::Polygon);
    writer.ring(square);
    writer.begin_ring();
    for coord in square {
        writer.counted_coord(coord);
    }
    writer.end();
    writer.end();
    writer.end();
    writer.geometry(Geometry::try_new(&to_ewkb_point()).expect("a point"));
    writer.end();
    let bytes = writer.into_bytes();
    assert_eq!(
        wkt::format(Geometry::try_new(&bytes).expect("good WKB"), 15),
        "GEOMETRYCOLLECTION(POINT(5 5),\
         MULTIPOLYGON(((0 0,1 0,1 1,0 0),(0 0,1 0,1 1,0 0))),POINT(7 8))"
    );
    let ring = write::polygon([square], Dimension::Xy);
    assert_eq!(ring, wkb("POLYGON((0 0,1 0,1 1,0 0))"));
    assert_eq!(write::empty(Kind::Point, Dimension::Xyz).len(), 29);
}

fn to_ewkb_point() -> Vec<u8> {
    let point = write::point_xy(7.0, 8.0);
    to_ewkb(Geometry::try_new(&point).expect("a point"), Some(4326))
}
