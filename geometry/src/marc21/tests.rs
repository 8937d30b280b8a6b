//! Tests of reading and writing MARC 21.

use super::literal::{Format, read};
use super::{parse, write};
use crate::{Geometry, wkt};

#[test]
fn angles_are_written_as_the_format_says() {
    let written =
        |angle: f64, format: &str| Format::parse(format).unwrap().write(angle, ['E', 'W']);
    assert_eq!(written(-4.5, "hdddmmss"), "W0043000");
    assert_eq!(written(4.999_999, "hdddmmss"), "E0050000");
    assert_eq!(written(4.95, "dddmm.mm"), "00457.00");
    assert_eq!(written(4.999_999, "dddmm.mm"), "00461.00");
    assert_eq!(written(10.1, "hdddmm.mm"), "E01007.00");
    assert_eq!(written(35.033_33, "dddmm.mmmm"), "03502.9998");
    assert_eq!(written(35.033_333_333_333_33, "dddmm.mmmm"), "03503.0000");
    assert_eq!(written(-179.123_456, "ddd,dddd"), "-179,1235");
    assert_eq!(written(0.0, "hddd.d"), "W000.0");
    assert_eq!(written(1.000_277_777_777_8, "dddmmss.ss"), "0010001.00");
    for format in ["", "h", "ddd", "hdddmm", "ddd.", "ddd.m", "hdddmmsss", "dddmm.mmd", "dd.d"] {
        assert!(Format::parse(format).is_err(), "{format}");
    }
}

#[test]
fn angles_are_read_in_every_format() {
    for (text, angle) in [
        ("W0043000", -4.5),
        ("0043000", 4.5),
        ("+004.5", 4.5),
        ("-00430,0", -4.5),
        ("S0043000.0", -4.5),
        ("E004", 4.0),
        ("E00430", 4.5),
    ] {
        assert_eq!(read(text), Some(angle), "{text}");
    }
    for text in ["", "W", "W12", "1", "++004", "W0043 0", "W004.5.5", "W0043.5", "X004", "00\u{e9}"]
    {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn boxes_survive_a_round_trip() {
    for (text, expected) in [
        ("POINT(-4.5 54.25)", "POINT(-4.5 54.25)"),
        ("LINESTRING(1 2,3 4)", "POLYGON((1 4,3 4,3 2,1 2,1 4))"),
        (
            "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))",
            "GEOMETRYCOLLECTION(POINT(1 2),POLYGON((1 4,3 4,3 2,1 2,1 4)))",
        ),
        ("MULTIPOINT((1 2),(3 4))", "MULTIPOINT((1 2),(3 4))"),
    ] {
        let (wkb, _) = wkt::parse(text).unwrap();
        for format in ["hdddmmss", "ddd.dddd", "hdddmm,mmm", "dddmmss.s"] {
            let record = write(Geometry::try_new(&wkb).unwrap(), format).unwrap().unwrap();
            let read = parse(&record).unwrap().unwrap();
            assert_eq!(wkt::format(Geometry::try_new(&read).unwrap(), 9), expected);
        }
    }
    assert_eq!(parse("<record/>"), Ok(None));
    assert!(parse("<collection/>").is_err());
}
