//! Tests of reading and writing TWKB.

use super::{WriteOptions, parse, write, write_collection};
use crate::{Geometry, wkt};

const TEXTS: [&str; 12] = [
    "POINT(1.5 -2)",
    "POINT Z (1 2 3)",
    "POINT M (1 2 3)",
    "POINT ZM (1 2 3 4)",
    "POINT EMPTY",
    "LINESTRING(-100.25 2,3 4)",
    "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))",
    "POLYGON EMPTY",
    "MULTIPOINT((1 2),(3 4))",
    "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
    "MULTIPOLYGON(((0 0,9 0,9 9,0 0)),((20 0,29 0,29 9,20 0)))",
    "GEOMETRYCOLLECTION(POINT(1 2),POLYGON EMPTY,GEOMETRYCOLLECTION(LINESTRING(1 2,3 4)))",
];

fn options(with_sizes: bool, with_bounds: bool) -> WriteOptions {
    WriteOptions { precision: 2, precision_z: 1, precision_m: 1, with_sizes, with_bounds }
}

#[test]
fn every_kind_survives_a_round_trip() {
    for text in TEXTS {
        let (wkb, _) = wkt::parse(text).unwrap();
        for (sizes, bounds) in [(false, false), (true, false), (false, true), (true, true)] {
            let twkb = write(Geometry::try_new(&wkb).unwrap(), &options(sizes, bounds)).unwrap();
            let read = parse(&twkb).unwrap();
            assert_eq!(wkt::format(Geometry::try_new(&read).unwrap(), 15), text);
        }
    }
}

#[test]
fn ids_are_written_and_skipped() {
    let (wkb, _) = wkt::parse("MULTIPOINT((1 2),(3 4))").unwrap();
    let geometry = Geometry::try_new(&wkb).unwrap();
    let twkb = write_collection(geometry, &[-7, 1 << 40], &options(true, true)).unwrap();
    assert_eq!(parse(&twkb), Ok(wkb.clone()));
    assert!(write_collection(geometry, &[1], &options(false, false)).is_err());
}

#[test]
fn truncated_and_broken_bytes_are_errors() {
    for text in TEXTS {
        let (wkb, _) = wkt::parse(text).unwrap();
        let twkb = write(Geometry::try_new(&wkb).unwrap(), &options(true, true)).unwrap();
        for end in 0..twkb.len() {
            assert!(parse(&twkb[..end]).is_err(), "{text}");
        }
        for index in 0..twkb.len() {
            for byte in [0, 1, 127, 128, 255] {
                let mut broken = twkb.clone();
                broken[index] = byte;
                let _ = parse(&broken);
            }
        }
    }
    assert!(parse(&[7, 0, 1].repeat(1000)).is_err());
}

#[test]
fn precisions_have_limits() {
    let (wkb, _) = wkt::parse("POINT ZM (1 2 3 4)").unwrap();
    let geometry = Geometry::try_new(&wkb).unwrap();
    for wrong in [
        WriteOptions { precision: 8, ..WriteOptions::default() },
        WriteOptions { precision: -8, ..WriteOptions::default() },
        WriteOptions { precision_z: -1, ..WriteOptions::default() },
        WriteOptions { precision_m: 8, ..WriteOptions::default() },
    ] {
        assert!(write(geometry, &wrong).is_err());
    }
}
