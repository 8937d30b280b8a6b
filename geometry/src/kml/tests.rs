//! Tests of reading and writing KML.

use super::{parse, write};
use crate::{Geometry, wkt};

fn read(text: &str) -> Option<String> {
    let wkb = parse(text).ok()?;
    Some(wkt::format_ewkt(Geometry::try_new(&wkb).unwrap(), None, 15))
}

#[test]
fn what_is_written_is_read_back() {
    for (text, expected) in [
        ("POINT(1.5 -2)", "POINT(1.5 -2)"),
        ("LINESTRING(1 2 3,4 5 6)", "LINESTRING(1 2 3,4 5 6)"),
        (
            "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))",
            "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))",
        ),
        ("MULTIPOINT(1 2,3 4)", "MULTIPOINT(1 2,3 4)"),
    ] {
        let (wkb, _) = wkt::parse(text).unwrap();
        for prefix in ["", "kml"] {
            let kml = write(Geometry::try_new(&wkb).unwrap(), 15, prefix).unwrap().unwrap();
            assert_eq!(read(&kml).as_deref(), Some(expected));
        }
    }
}

#[test]
fn spaces_around_commas_are_allowed_and_little_else() {
    let point = |text: &str| read(&format!("<Point><coordinates>{text}</coordinates></Point>"));
    for text in ["1,2", " 1 , 2 ", "1,\n2", "1.,2e0", "+1,2"] {
        assert_eq!(point(text).as_deref(), Some("POINT(1 2)"), "{text}");
    }
    for text in
        ["", "1", "1,2,3,4", "1,,2", ",1,2", "1,2,", "1;2", "1,2 3", "1,x", "1,2x", "1,\u{e9}"]
    {
        assert_eq!(point(text), None, "{text}");
    }
}

#[test]
fn members_of_one_kind_are_put_together() {
    let point = "<Point><coordinates>1,2</coordinates></Point>";
    let line = "<LineString><coordinates>1,2 3,4</coordinates></LineString>";
    let ring = "<LinearRing><coordinates>1,2 3,4 5,5 1,2</coordinates></LinearRing>";
    for (members, expected) in [
        (String::new(), "GEOMETRYCOLLECTION EMPTY"),
        (point.to_owned(), "POINT(1 2)"),
        (format!("{point}{point}"), "MULTIPOINT(1 2,1 2)"),
        (format!("{line}{ring}"), "LINESTRING(1 2,3 4)"),
        (
            format!("{point}<MultiGeometry>{line}{point}</MultiGeometry>"),
            "GEOMETRYCOLLECTION(MULTIPOINT(1 2,1 2),LINESTRING(1 2,3 4))",
        ),
    ] {
        let kml = format!("<MultiGeometry>{members}</MultiGeometry>");
        assert_eq!(read(&kml).as_deref(), Some(expected), "{members}");
    }
}

#[test]
fn other_namespaces_are_left_out() {
    let text = "<k:MultiGeometry xmlns:k='http://www.opengis.net/kml/2.2' xmlns:o='http://o'>\
                <o:Point><k:coordinates>1,2</k:coordinates></o:Point>\
                <k:Point><o:coordinates>1,2</o:coordinates><k:coordinates>3,4</k:coordinates>\
                </k:Point></k:MultiGeometry>";
    assert_eq!(read(text).as_deref(), Some("POINT(3 4)"));
    assert_eq!(read("<o:Point xmlns:o='http://o'><coordinates>1,2</coordinates></o:Point>"), None);
}
